export { type Count, totalOf, totalWith } from './count.ts';
export { countCacheLimits, type Counts, CountSource, settledCountLimits } from './count-source.ts';
export { isSettled } from './settled-counts.ts';
export {
  type Chapter,
  CountedSets,
  type CountedSetsOptions,
  type HotSet,
  type MembershipChange,
} from './counted-sets.ts';
export { type BackgroundWork, type CounterEvents, noEvents, type SetCheck } from './counter-events.ts';
export { type CounterLimits, counterLimits, embeddedCounterLimits } from './counter-limits.ts';
export type { GrowthLimits } from './growth-gauge.ts';
export type { MemberPage, PageOptions } from './member-pages.ts';
export type { Observation } from './observation.ts';
export type { Outcome } from './operation.ts';
export { decodePosition, encodePosition, type Position } from './position.ts';
export { type JoinedPage, type JoinedSubjects, MemberIndex, type MemberIndexOptions } from './member-index.ts';
export { monthOf, partitionOf } from './membership-kind.ts';
export { type Membership, Memberships, type MembershipsOptions } from './memberships.ts';
export { type TakenGains, ViewBuffer } from './views/view-buffer.ts';
export { viewCacheLimits, ViewCounts } from './views/view-counts.ts';
export { ViewFlusher, type ViewFlusherOptions } from './views/view-flusher.ts';
export { ViewRecorder, type ViewRecorderOptions } from './views/view-recorder.ts';
export { Reconciler, type ReconcilerOptions } from './reconcile/reconciler.ts';
