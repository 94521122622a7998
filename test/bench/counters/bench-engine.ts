import { CountedSets, type CounterLimits, counterLimits, Memberships } from '#counters';
import { systemClock } from '#kernel';
import type { CountedSetStore, MemberIndexStore } from '#storage';

/** The designs that counted sets are compared with, as simply as the engine can do them. Inexact ones included. */
export interface PlainDesigns {
  /** A like as one conditional write in the post's own partition, total included. */
  likeConditionally(post: bigint, user: bigint): Promise<void>;
  /** Adds one to one of the post's counters. */
  increment(post: bigint, shard: number): Promise<void>;
  readCounters(post: bigint, shards: number): Promise<number>;
}

/** An engine with a new, empty store. */
export interface BenchEngine {
  readonly name: string;
  readonly setStore: CountedSetStore;
  readonly indexStore: MemberIndexStore;
  readonly plain: PlainDesigns;
  /** As in production. */
  readonly limits: CounterLimits;
  close(): Promise<void>;
}

/** A committer of its own, as each process has one; sets grow only when told to. */
export function newSets(store: CountedSetStore): CountedSets {
  const never = { membersMax: Infinity, hotShardsMax: 0, waitingMax: Infinity, heatedPerSecond: Infinity };
  const growth = { followers: never, likes: never, reposts: never, replies: never, posts: never };
  return new CountedSets({ store, clock: systemClock, chance: Math.random, limits: { ...counterLimits, growth } });
}

/** As in production: sets grow as they need. */
export function newMemberships({ setStore, indexStore, limits }: BenchEngine) {
  const sets = new CountedSets({ store: setStore, clock: systemClock, chance: Math.random, limits });
  return { sets, memberships: new Memberships({ sets, index: indexStore, clock: systemClock, chance: Math.random }) };
}

let last = BigInt(Date.now()) << 22n;

/** Ids as far apart as those of different milliseconds. */
export function newId(): bigint {
  return (last += 1n << 22n);
}
