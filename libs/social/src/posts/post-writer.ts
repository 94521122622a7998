import type { AuthorModes, DeliveryDecision, PostDispatcher } from '#fanout';
import type { IdGenerator, PostId, UserId } from '#ids';
import type { InboxStore } from '#inbox';
import { AppError, type BackgroundTasks, type Clock, retryUnavailable } from '#kernel';
import type { OutboxEntry, Post, PostStore, RepostStore } from '#storage';
import type { TargetPosts } from './target-posts.ts';

/** What happens after a write is durable: before it is answered, and behind the answer. */
export interface PostAftermath {
  /** Makes caches forget what the new post has changed; this process then serves nothing older. */
  invalidate(post: Post): Promise<void>;
  /** Makes all processes read the new post in its author's timeline; resolves when none reads that without it. */
  announce(post: Post): Promise<void>;
  /** Makes all processes forget the deleted post; none shows it then. */
  retract(post: Post): Promise<void>;
  readonly dispatcher: PostDispatcher;
  readonly tasks: BackgroundTasks;
  readonly clock: Clock;
}

/**
 * What follows a write is tried again after these pauses when Redis is away for moments; what is away longer is found by
 * the sweeper, which leaves alone what is younger than this.
 */
const DISPATCH_PAUSES_MS = [250, 500, 1_000, 2_000];

export interface PostWriterStores {
  readonly posts: PostStore;
  readonly reposts: RepostStore;
  readonly inboxes: InboxStore;
}

export interface WrittenPost {
  readonly post: Post;
  /** False when it was there already. */
  readonly created: boolean;
}

/** Makes and deletes posts: the durable write first, the answer, then what follows from it. */
export class PostWriter {
  constructor(
    private readonly ids: IdGenerator,
    private readonly stores: PostWriterStores,
    private readonly targets: TargetPosts,
    private readonly modes: AuthorModes,
    private readonly after: PostAftermath,
  ) {}

  newId(): PostId {
    return this.ids.next<PostId>();
  }

  /** @param id the same for every attempt at one post. @throws AppError `not_found`, `blocked`. */
  async post(id: PostId, authorId: UserId, text: string, answers: PostId | undefined): Promise<WrittenPost> {
    const target = answers === undefined ? undefined : await this.targets.getForInteraction(answers, authorId);
    const fields = { id, authorId, text, replyTo: target?.id, repostOf: undefined };
    return { post: await this.#create(fields), created: true };
  }

  /** The author's repost of the original; the first one, if there is one already. @throws AppError `not_found`, `blocked`. */
  async repost(id: PostId, authorId: UserId, of: PostId): Promise<WrittenPost> {
    const original = await this.targets.getForInteraction(of, authorId);
    for (;;) {
      const holder = await this.stores.reposts.claim(authorId, original.id, id);
      const present = holder === id ? undefined : await this.stores.posts.find(holder);
      if (present) return { post: present, created: false };
      if (holder === id || !(await this.stores.posts.findDeleted(holder))) {
        // Ours, or of an attempt that never got to the post itself: it is finished under its id.
        const fields = { id: holder, authorId, text: '', replyTo: undefined, repostOf: original.id };
        return { post: await this.#create(fields), created: true };
      }
      await this.stores.reposts.release(authorId, original.id, holder);
    }
  }

  /** @throws AppError `not_found`, `not_author`. */
  async delete(id: PostId, user: UserId): Promise<void> {
    const post = await this.targets.get(id);
    if (post.authorId !== user) throw new AppError('not_author');
    const outbox: OutboxEntry = { id: this.ids.next(), kind: 'deleted', postId: id };
    await this.stores.posts.delete(post, outbox);
    if (post.repostOf !== undefined) await this.stores.reposts.release(user, post.repostOf, id);
    await this.after.retract(post);
    this.#follow(() => this.after.dispatcher.deleted(post, outbox));
  }

  async #create(fields: Omit<Post, 'delivery'>): Promise<Post> {
    const decision = await this.modes.decide(fields.authorId);
    const post: Post = { ...fields, delivery: decision.delivery };
    const outbox: OutboxEntry = { id: this.ids.next(), kind: 'created', postId: post.id };
    await this.stores.posts.create(post, outbox);
    const [delivered] = await Promise.all([this.#deliverToAuthor(post), this.after.invalidate(post)]);
    if (!delivered) await this.after.announce(post);
    this.#follow(() => this.#dispatch(post, outbox, decision));
    return post;
  }

  #follow(work: () => Promise<void>): void {
    const { tasks, clock } = this.after;
    tasks.run((stopping) => retryUnavailable(work, DISPATCH_PAUSES_MS, clock, stopping));
  }

  #dispatch(post: Post, outbox: OutboxEntry, decision: DeliveryDecision): Promise<void> {
    return this.after.dispatcher.created(post, outbox, { pushAnyway: !decision.stillHolds() });
  }

  /**
   * One's own posts show at the next read, whichever process serves it: their author's inbox has them, or all processes
   * have been told, who merge one's own timeline into every page.
   */
  #deliverToAuthor({ id, authorId }: Post): Promise<boolean> {
    const self = Buffer.alloc(8);
    self.writeBigUInt64BE(authorId);
    return this.stores.inboxes.deliver({ postId: id, authorId }, self).then(
      () => true,
      () => false,
    );
  }
}
