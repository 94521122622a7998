import { type FanoutJobData, type FanoutTask, decodeFanout } from '#fanout';
import type { UserId } from '#ids';
import type { InboxStore } from '#inbox';
import type { Clock } from '#kernel';
import type { OutboxStore, PostStore } from '#storage';
import type { DeliveryMetrics } from './delivery-metrics.ts';

/** Reads an author's followers by chapter: eight big-endian bytes each. */
export interface FollowerPacks {
  pack(author: UserId, chapter: string): Promise<Buffer>;
}

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
  constructor(
    private readonly posts: PostStore,
    private readonly packs: FollowerPacks,
    private readonly inboxes: InboxStore,
    private readonly outbox: OutboxStore,
    private readonly clock: Clock,
    private readonly metrics: DeliveryMetrics,
  ) {}

  /** All chapters of a job, then the end. */
  async deliver(data: FanoutJobData, control: JobControl): Promise<void> {
    await this.deliverChapters(data, control);
    await this.finish(data);
  }

  /** The chapters alone: others follow, and `finish` comes after the last. */
  async deliverChapters(data: FanoutJobData, control: JobControl): Promise<void> {
    const task = decodeFanout(data);
    if (!(await this.posts.find(task.postId))) return; // deleted meanwhile
    const sliceViewers = this.inboxes.deliverViewers; // after each, others get their turn
    let served = 0;
    for (let chapter = data.position?.chapter ?? 0; chapter < task.chapters.length; chapter++) {
      const pack = await this.packs.pack(task.authorId, task.chapters[chapter] ?? '');
      const from = chapter === data.position?.chapter ? data.position.offset : 0;
      for (let offset = from; offset * 8 < pack.length; offset += sliceViewers) {
        if (served >= RUN_FOLLOWERS) {
          await control.save({ chapter, offset });
          await control.giveWay();
        }
        const slice = pack.subarray(offset * 8, (offset + sliceViewers) * 8);
        const written = await this.inboxes.deliver({ postId: task.postId, authorId: task.authorId }, slice);
        served += slice.length / 8;
        this.metrics.delivered(task.lane, slice.length / 8, written);
      }
    }
  }

  /** The last inbox has it. */
  async finish(data: FanoutJobData): Promise<void> {
    const task: FanoutTask = decodeFanout(data);
    await this.outbox.remove(task.outbox);
    this.metrics.finished(task.lane, this.clock.now() - task.acceptedAtMs);
  }
}
