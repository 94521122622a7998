import type { CountedKind } from '#storage';
import type { GrowthLimits } from './growth-gauge.ts';

/** Bounds of what a process takes on for counted sets; beyond them it refuses with `unavailable`. */
export interface CounterLimits {
  /** Operations in one commit. */
  readonly groupMax: number;
  /** Operations waiting for one shard. */
  readonly queueMax: number;
  /** Operations under way in the process. */
  readonly pendingMax: number;
  /** How long an operation may take. */
  readonly timeoutMs: number;
  /** Sets remembered after they were written, of each kind. */
  readonly idleSetsMax: number;
  readonly growth: Readonly<Record<CountedKind, GrowthLimits>>;
}

const GROUP_MAX = 200;

/** Larger shards than this are slow to list and to repair, and a replica's load is spread less evenly. */
const PARTITION: GrowthLimits = {
  membersMax: 50_000,
  hotShardsMax: 64,
  waitingMax: 2 * GROUP_MAX,
  heatedPerSecond: 3,
};
/** A chapter: one slice of the fan-out, one pack of 80 KB. */
const CHAPTER: GrowthLimits = { ...PARTITION, membersMax: 10_000 };

/**
 * One embedded store has no partitions to spread and no other committers: size is no reason to grow, nor is a queue. What
 * the whole product calls hot grows all the same, so that what a cluster does is seen here, too: 16 shards cost a like
 * half as much CPU again (test/bench/reports/counters.md), 64 would cost twice as much.
 */
const EMBEDDED: GrowthLimits = { ...PARTITION, membersMax: Infinity, hotShardsMax: 16, waitingMax: Infinity };

export const counterLimits: CounterLimits = {
  groupMax: GROUP_MAX,
  queueMax: 5_000,
  pendingMax: 20_000,
  timeoutMs: 5_000,
  idleSetsMax: 10_000,
  growth: { followers: CHAPTER, likes: PARTITION, reposts: PARTITION, replies: PARTITION, posts: PARTITION },
};

/** For a store within the process. */
export const embeddedCounterLimits: CounterLimits = {
  ...counterLimits,
  growth: { followers: CHAPTER, likes: EMBEDDED, reposts: EMBEDDED, replies: EMBEDDED, posts: EMBEDDED },
};
