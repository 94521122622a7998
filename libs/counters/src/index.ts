export { type Count, mergeCounts, totalOf, withShard } from './count.ts';
export { type Chapter, CountedSets, type CountedSetsOptions, type MembershipChange } from './counted-sets.ts';
export { type CounterLimits, counterLimits } from './counter-limits.ts';
export type { MemberPage, PageOptions } from './member-pages.ts';
export type { Observation } from './observation.ts';
export type { Outcome } from './operation.ts';
export { decodePosition, encodePosition, type Position } from './position.ts';
