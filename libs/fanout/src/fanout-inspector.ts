import type { QueueLane } from './queue-names.ts';

/** One queue, seen from outside. */
export interface QueueStatus {
  readonly lane: QueueLane;
  readonly queue: string;
  readonly waiting: number;
  readonly active: number;
  /** Failed, and waiting for its next attempt. */
  readonly delayed: number;
  /** Fan-outs that wait for their last chapter. */
  readonly waitingChildren: number;
  readonly deadLetters: number;
}

/** A job that has failed for good. Its outbox row is still there: nothing is lost. */
export interface DeadLetter {
  readonly queue: string;
  readonly jobId: string;
  readonly job: string;
  readonly postId: string;
  readonly authorId: string;
  readonly attempts: number;
  readonly reason: string;
  readonly failedAtMs: number;
}

/** What operators see of the fan-out, and the one thing they can do about it. */
export abstract class FanoutInspector {
  abstract status(): Promise<QueueStatus[]>;
  /** Newest first, up to `limit` of each queue. */
  abstract listDeadLetters(limit: number): Promise<DeadLetter[]>;
  /** Puts dead letters back into their queues, with all their attempts; resolves to how many. */
  abstract replay(limit: number): Promise<number>;
}
