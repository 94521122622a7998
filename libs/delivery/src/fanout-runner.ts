import { type FanoutJobData, type FanoutTask, type Lane, decodeFanout } from '#fanout';
import type { PostId, UserId } from '#ids';
import type { InboxStore } from '#inbox';
import { type Clock, Limiter } from '#kernel';
import type { OutboxStore } from '#storage';
import type { DeliveryMetrics } from './delivery-metrics.ts';

/** Reads an author's followers by chapter: eight big-endian bytes each. */
export interface FollowerPacks {
  pack(author: UserId, chapter: string): Promise<Buffer>;
}

export interface KnownPosts {
  find(id: PostId): Promise<unknown>;
}

export type Deliveries = Pick<InboxStore, 'slices' | 'deliver'>;

export type FinishedRows = Pick<OutboxStore, 'remove'>;

export interface JobControl {
  /** Keeps where the job is, so that a later run goes on there. */
  save(position: NonNullable<FanoutJobData['position']>): Promise<void>;
  /** Puts the job back behind the others of its queue; never returns. */
  giveWay(): Promise<never>;
}

/** Followers that one run serves before it gives way to the jobs behind it. */
const RUN_FOLLOWERS = 20_000;

/** Delivers a post to the inboxes of its author's followers. May stop anywhere and run again. */
export class FanoutRunner {
  readonly #turns: Limiter;

  constructor(
    private readonly posts: KnownPosts,
    private readonly packs: FollowerPacks,
    private readonly inboxes: Deliveries,
    private readonly outbox: FinishedRows,
    private readonly clock: Clock,
    private readonly metrics: DeliveryMetrics,
  ) {
    this.#turns = new Limiter('fan-out', inboxes.slices.atOnce, Infinity); // as many wait as jobs may run
  }

  /** All chapters of a job, then the end. */
  async deliver(data: FanoutJobData, control: JobControl): Promise<void> {
    await this.deliverChapters(data, control);
    await this.finish(data);
  }

  /** The chapters alone: others follow, and `finish` comes after the last. */
  async deliverChapters(data: FanoutJobData, control: JobControl): Promise<void> {
    const task = decodeFanout(data);
    if (!(await this.posts.find(task.postId))) return; // deleted meanwhile
    let left = RUN_FOLLOWERS;
    for (let chapter = data.position?.chapter ?? 0; chapter < task.chapters.length; chapter++) {
      const pack = await this.packs.pack(task.authorId, task.chapters[chapter] ?? '');
      const followers = pack.length / 8;
      let offset = chapter === data.position?.chapter ? data.position.offset : 0;
      while (offset < followers) {
        if (left === 0) {
          await control.save({ chapter, offset });
          await control.giveWay();
        }
        const end = Math.min(followers, offset + left);
        await this.#deliverSlices(task, pack.subarray(offset * 8, end * 8));
        left -= end - offset;
        offset = end;
      }
    }
  }

  /** Some slices at once, so that the inboxes' store need not wait for this process; and always for a turn in between. */
  async #deliverSlices(task: FanoutTask, viewers: Buffer): Promise<void> {
    const { atOnce, viewers: sliceViewers } = this.inboxes.slices;
    let next = 0;
    const walk = async (): Promise<void> => {
      while (next < viewers.length) {
        const slice = viewers.subarray(next, (next += sliceViewers * 8));
        await this.#inTurn(task.lane, () => this.#deliverSlice(task, slice));
      }
    };
    try {
      await Promise.all(Array.from({ length: atOnce }, walk));
    } finally {
      next = viewers.length; // after a failure the others stop, too
    }
  }

  async #deliverSlice({ postId, authorId, lane }: FanoutTask, viewers: Buffer): Promise<void> {
    const written = await this.inboxes.deliver({ postId, authorId }, viewers);
    this.metrics.delivered(lane, viewers.length / 8, written);
  }

  /** All big posts of a process together have a few slices under way; small ones go past them. */
  #inTurn(lane: Lane, work: () => Promise<void>): Promise<void> {
    return lane === 'small' ? work() : this.#turns.run(work);
  }

  /** The last inbox has it. */
  async finish(data: FanoutJobData): Promise<void> {
    const task: FanoutTask = decodeFanout(data);
    await this.outbox.remove(task.outbox);
    this.metrics.finished(task.lane, this.clock.now() - task.acceptedAtMs);
  }
}
