import { FlowProducer, type JobsOptions, Queue } from 'bullmq';
import {
  CLEANUP,
  type CleanupTask,
  encodeCleanup,
  encodeFanout,
  type FanoutJobData,
  FanoutQueue,
  type FanoutTask,
  LANES,
  queueName,
  queuePrefix,
} from '#fanout';
import type { Clock } from '#kernel';
import type { RedisClient } from '../connection/connect-redis.ts';
import { RedisCaller } from '../connection/redis-caller.ts';

/**
 * Eight attempts over about half a minute, spread so that what failed together does not come back together. What fails
 * then is a dead letter: kept for an operator to look at and to replay.
 */
const OPTIONS: JobsOptions = {
  attempts: 8,
  backoff: { type: 'exponential', delay: 200, jitter: 0.5 },
  removeOnComplete: true,
  removeOnFail: { age: 30 * 86_400, count: 10_000 },
  stackTraceLimit: 5,
};

const TIMEOUT_MS = 2000;

/** The producer's side of the queues. */
export class BullFanoutQueue extends FanoutQueue {
  readonly #queues = new Map<string, Queue>();
  readonly #flows = new Map<string, FlowProducer>();
  readonly #caller: RedisCaller;

  constructor(
    private readonly redis: RedisClient,
    clock: Clock,
  ) {
    super();
    this.#caller = new RedisCaller('the queue', TIMEOUT_MS, clock);
  }

  async enqueueFanout(task: FanoutTask): Promise<void> {
    const name = queueName(task.lane, task.authorId);
    const jobId = `f-${task.outbox.id}`;
    if (task.lane === 'backlog' && (await this.#isUnderWay(task, jobId))) return;
    const data = encodeFanout(task);
    if (task.chapters.length > 1) return this.#caller.call(this.#addFlow(name, jobId, data));
    await this.#caller.call(this.#queue(name).add('deliver', data, { ...OPTIONS, jobId }));
  }

  async enqueueCleanup(task: CleanupTask): Promise<void> {
    const queue = this.#queue(queueName(CLEANUP, task.authorId));
    const options = { ...OPTIONS, jobId: `c-${task.outbox.id}` };
    await this.#caller.call(queue.add('clean-up', encodeCleanup(task), options));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#queues.values(), ...this.#flows.values()].map((one) => one.close()));
  }

  /** Whether the job that was to do it in the first place still waits, runs or has failed for good. */
  async #isUnderWay({ authorId }: FanoutTask, jobId: string): Promise<boolean> {
    const lanes = LANES.filter((lane) => lane !== 'backlog');
    const queues = lanes.map((lane) => this.#queue(queueName(lane, authorId)));
    const jobs = await this.#caller.call(Promise.all(queues.map((queue) => queue.getJob(jobId))));
    return jobs.some((job) => job !== undefined);
  }

  /** One child per chapter; the parent runs when all are done. */
  async #addFlow(name: string, jobId: string, data: FanoutJobData): Promise<void> {
    if (await this.#queue(name).getJob(jobId)) return; // a flow that is there must not get its children again
    await this.#flow(name).add({
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

  #queue(name: string): Queue {
    return cached(this.#queues, name, () => new Queue(name, this.#options(name)));
  }

  #flow(name: string): FlowProducer {
    return cached(this.#flows, name, () => new FlowProducer(this.#options(name)));
  }

  #options(name: string) {
    return { connection: this.redis, prefix: queuePrefix(name), skipWaitingForReady: true };
  }
}

function cached<T extends { on(event: 'error', listener: () => void): unknown }>(
  map: Map<string, T>,
  name: string,
  make: () => T,
): T {
  let one = map.get(name);
  if (!one) {
    one = make();
    one.on('error', () => undefined); // the connection's owner reports its errors
    map.set(name, one);
  }
  return one;
}
