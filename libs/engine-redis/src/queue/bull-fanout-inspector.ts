import type { Job } from 'bullmq';
import {
  type CleanupJobData,
  type DeadLetter,
  FanoutInspector,
  QUEUE_LANES,
  type QueueLane,
  queueNames,
  type QueueStatus,
} from '#fanout';
import type { BullQueues } from './bull-queues.ts';

const queues = QUEUE_LANES.flatMap((lane) => queueNames(lane).map((name) => ({ lane, name })));

export class BullFanoutInspector extends FanoutInspector {
  constructor(private readonly queues: BullQueues) {
    super();
  }

  status(): Promise<QueueStatus[]> {
    return Promise.all(queues.map(({ lane, name }) => this.#statusOf(lane, name)));
  }

  async listDeadLetters(limit: number): Promise<DeadLetter[]> {
    const letters = await Promise.all(
      queues.map(async ({ name }) => {
        const jobs = await this.queues.call(() => this.queues.queue(name).getFailed(0, limit - 1));
        return jobs.map((job: Job<CleanupJobData>) => letterOf(name, job));
      }),
    );
    return letters.flat().sort((a, b) => b.failedAtMs - a.failedAtMs);
  }

  async replay(limit: number): Promise<number> {
    let replayed = 0;
    for (const { name } of queues) {
      const jobs = await this.queues.call(() => this.queues.queue(name).getFailed(0, limit - 1));
      for (const job of jobs) {
        await this.queues.call(() => job.retry('failed', { resetAttemptsMade: true }));
        replayed++;
      }
    }
    return replayed;
  }

  async #statusOf(lane: QueueLane, name: string): Promise<QueueStatus> {
    const counts = await this.queues.call(() =>
      this.queues.queue(name).getJobCounts('waiting', 'active', 'delayed', 'waiting-children', 'failed'),
    );
    return {
      lane,
      queue: name,
      waiting: counts.waiting ?? 0,
      active: counts.active ?? 0,
      delayed: counts.delayed ?? 0,
      waitingChildren: counts['waiting-children'] ?? 0,
      deadLetters: counts.failed ?? 0,
    };
  }
}

function letterOf(
  queue: string,
  { id = '', name, data, attemptsMade, failedReason, finishedOn }: Job<CleanupJobData>,
): DeadLetter {
  return {
    queue,
    jobId: id,
    job: name,
    postId: data.postId,
    authorId: data.authorId,
    attempts: attemptsMade,
    reason: failedReason,
    failedAtMs: finishedOn ?? 0,
  };
}
