import { timeOf, type UserId } from '#ids';
import type { Clock } from '#kernel';
import type { OutboxEntry, OutboxStore, Post } from '#storage';
import { type Chapter, type FanoutQueue, laneFor } from './fanout-queue.ts';
import type { PostBus } from './post-bus.ts';

/** What changes elsewhere with a post; all of it may be repeated. */
export interface PostEffects {
  /** Counts and caches after a new post. */
  created(post: Post): Promise<void>;
  /** The same after a deletion. */
  deleted(post: Post): Promise<void>;
}

export interface Followers {
  total(author: UserId): Promise<number>;
  chapters(author: UserId): Promise<readonly Chapter[]>;
}

export interface DispatchOptions {
  /** Deliver although the post says pull: its author's mode may have moved on meanwhile. */
  readonly pushAnyway?: boolean;
  /** Found by the sweeper. */
  readonly recovered?: boolean;
}

/**
 * A post that becomes visible this long after its id was made is delivered to inboxes in any case: see `created`. So what
 * is to hold every post of a stretch for longer than a moment must not reach up to ids younger than this.
 */
export const LATE_MS = 10_000;

/**
 * What follows a durable write: effects, announcement, fan-out. Every step may be repeated, and the outbox row stays
 * until the last one is done, so it does not matter where this stops: the sweeper calls it again.
 */
export class PostDispatcher {
  constructor(
    private readonly outbox: OutboxStore,
    private readonly effects: PostEffects,
    private readonly followers: Followers,
    private readonly bus: PostBus,
    private readonly queue: FanoutQueue,
    private readonly clock: Clock,
  ) {}

  async created(post: Post, outbox: OutboxEntry, options: DispatchOptions = {}): Promise<void> {
    const acceptedAtMs = options.recovered ? timeOf(outbox.id) : this.clock.now();
    await Promise.all([this.effects.created(post), this.bus.announcePost(post.id, post.authorId)]);
    // A late post may belong below what readers have cached as older segments; its delivery tells their inboxes.
    const late = timeOf(outbox.id) - timeOf(post.id) > LATE_MS;
    const pushed = post.delivery === 'push' || options.pushAnyway === true || late;
    const total = pushed ? await this.followers.total(post.authorId) : 0;
    if (total === 0) return this.outbox.remove(outbox);
    await this.queue.enqueueFanout({
      postId: post.id,
      authorId: post.authorId,
      outbox,
      acceptedAtMs,
      lane: laneFor(total, options.recovered ?? false),
      chapters: await this.followers.chapters(post.authorId),
    });
  }

  async deleted(post: Post, outbox: OutboxEntry): Promise<void> {
    await this.effects.deleted(post);
    await this.queue.enqueueCleanup({ postId: post.id, authorId: post.authorId, outbox });
  }
}
