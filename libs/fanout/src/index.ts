export { deliveryIn, type ModeThresholds, nextMode } from './author-mode-policy.ts';
export { AuthorModes, type DeliveryDecision, type FollowerCount } from './author-modes.ts';
export { AuthorRoster, type RosterTiming } from './author-roster.ts';
export { FanoutQueue, laneFor, LANES, SMALL_FOLLOWERS_MAX } from './fanout-queue.ts';
export type { Chapter, CleanupTask, FanoutTask, Lane } from './fanout-queue.ts';
export { PostBus } from './post-bus.ts';
export type { BusBatch, BusEvent, BusPosition } from './post-bus.ts';
export { LATE_MS, PostDispatcher } from './post-dispatcher.ts';
export type { DispatchOptions, Followers, PostEffects } from './post-dispatcher.ts';
export { CLOCK_MARGIN_MS, isFilledIn, isPulled } from './pull-set.ts';
export { decodeCleanup, decodeFanout, encodeCleanup, encodeFanout } from './fanout-job.ts';
export type { CleanupJobData, FanoutJobData, JobName } from './fanout-job.ts';
export { OUTAGE_ATTEMPTS_MAX, retryDelayMs } from './job-retries.ts';
export {
  CLEANUP,
  QUEUE_LANES,
  type QueueLane,
  queueName,
  queueNames,
  queuePrefix,
  QUEUE_SHARDS,
} from './queue-names.ts';
export { FanoutInspector } from './fanout-inspector.ts';
export type { DeadLetter, QueueStatus } from './fanout-inspector.ts';
