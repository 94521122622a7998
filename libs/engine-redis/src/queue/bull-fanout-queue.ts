import type { JobsOptions } from 'bullmq';
import {
  CLEANUP,
  type CleanupTask,
  encodeCleanup,
  encodeFanout,
  type FanoutJobData,
  FanoutQueue,
  type FanoutTask,
  LANES,
  OUTAGE_ATTEMPTS_MAX,
  queueName,
  queuePrefix,
} from '#fanout';
import type { BullQueues } from './bull-queues.ts';

/** How often a job is tried is the workers' decision (`retryDelayMs`). What has failed is kept, to look at and to replay. */
const OPTIONS: JobsOptions = {
  attempts: OUTAGE_ATTEMPTS_MAX,
  backoff: { type: 'retryDelayMs' },
  removeOnComplete: true,
  removeOnFail: { age: 30 * 86_400, count: 10_000 },
  stackTraceLimit: 5,
};

/** Fan-outs as BullMQ jobs; one with several chapters is a flow, whose parent runs when all are done. */
export class BullFanoutQueue extends FanoutQueue {
  constructor(private readonly queues: BullQueues) {
    super();
  }

  async enqueueFanout(task: FanoutTask): Promise<void> {
    const name = queueName(task.lane, task.authorId);
    const jobId = `f-${task.outbox.id}`;
    if (task.lane === 'backlog' && (await this.#isUnderWay(task, jobId))) return;
    const data = encodeFanout(task);
    if (task.chapters.length > 1) return this.queues.call(() => this.#addFlow(name, jobId, data));
    await this.queues.call(() => this.queues.queue(name).add('deliver', data, { ...OPTIONS, jobId }));
  }

  async enqueueCleanup(task: CleanupTask): Promise<void> {
    const queue = this.queues.queue(queueName(CLEANUP, task.authorId));
    const options = { ...OPTIONS, jobId: `c-${task.outbox.id}` };
    await this.queues.call(() => queue.add('clean-up', encodeCleanup(task), options));
  }

  /** Whether the job that was to do it in the first place still waits, runs or has failed for good. */
  async #isUnderWay({ authorId }: FanoutTask, jobId: string): Promise<boolean> {
    const lanes = LANES.filter((lane) => lane !== 'backlog');
    const queues = lanes.map((lane) => this.queues.queue(queueName(lane, authorId)));
    const jobs = await this.queues.call(() => Promise.all(queues.map((queue) => queue.getJob(jobId))));
    return jobs.some((job) => job !== undefined);
  }

  /** One child per chapter. A flow that is there must not get its children again. */
  async #addFlow(name: string, jobId: string, data: FanoutJobData): Promise<void> {
    if (await this.queues.queue(name).getJob(jobId)) return;
    await this.queues.flow(name).add({
      name: 'finish',
      queueName: name,
      data,
      opts: { ...OPTIONS, jobId },
      children: data.chapters.map((chapter, i) => ({
        name: 'chapter',
        queueName: name,
        prefix: queuePrefix(name),
        data: { ...data, chapters: [chapter] },
        opts: { ...OPTIONS, jobId: `${jobId}-${i}` },
      })),
    });
  }
}
