import { Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, type Type } from '@nestjs/common';
import { type Job, WaitingError } from 'bullmq';
import {
  CLEANUP,
  type CleanupJobData,
  type FanoutJobData,
  type JobName,
  type Lane,
  LANES,
  queueNames,
  type QueueLane,
  retryDelayMs,
} from '#fanout';
import { CleanupRunner } from './cleanup-runner.ts';
import { FanoutRunner, type JobControl } from './fanout-runner.ts';

/**
 * Jobs of one queue that a process runs at once. Small fan-outs mostly wait for Redis; of large ones few run, so that
 * their batches do not stand in everybody's way.
 */
const CONCURRENCY: Record<QueueLane, number> = { small: 16, large: 2, backlog: 1, [CLEANUP]: 1 };

/** A job whose worker has died is run again by another within seven seconds, without counting as an attempt. */
const LOCK = { lockDuration: 5_000, stalledInterval: 2_000, maxStalledCount: 50 };

const RETRIES = {
  settings: {
    backoffStrategy: (attempts: number, _type?: string, error?: Error) =>
      retryDelayMs(attempts, error, Math.random) ?? NEVER,
  },
};
/** BullMQ's word for a job that is not to be tried again. */
const NEVER = -1;

/** One Nest processor per queue. */
export function queueProcessors(): Type[] {
  return [
    ...LANES.flatMap((lane) => queueNames(lane).map((name) => fanoutProcessor(name, lane))),
    ...queueNames(CLEANUP).map(cleanupProcessor),
  ];
}

function fanoutProcessor(name: string, lane: Lane): Type<WorkerHost> {
  @Processor(name, { concurrency: CONCURRENCY[lane], ...LOCK, ...RETRIES })
  class FanoutProcessor extends WorkerHost {
    constructor(@Inject(FanoutRunner) private readonly runner: FanoutRunner) {
      super();
    }

    process(job: Job<FanoutJobData, void, JobName>, token?: string): Promise<void> {
      const control = controlOf(job, token);
      if (job.name === 'deliver') return this.runner.deliver(job.data, control);
      if (job.name === 'chapter') return this.runner.deliverChapters(job.data, control);
      return this.runner.finish(job.data);
    }
  }
  return FanoutProcessor;
}

function cleanupProcessor(name: string): Type<WorkerHost> {
  @Processor(name, { concurrency: CONCURRENCY[CLEANUP], ...LOCK, ...RETRIES })
  class CleanupProcessor extends WorkerHost {
    constructor(@Inject(CleanupRunner) private readonly runner: CleanupRunner) {
      super();
    }

    process(job: Job<CleanupJobData>): Promise<void> {
      return this.runner.run(job.data);
    }
  }
  return CleanupProcessor;
}

function controlOf(job: Job<FanoutJobData>, token: string | undefined): JobControl {
  return {
    save: (position) => job.updateData({ ...job.data, position }),
    giveWay: async () => {
      await job.moveToWait(token);
      throw new WaitingError();
    },
  };
}
