import { CountedSets, type CounterLimits, counterLimits, Memberships } from '#counters';
import { systemClock } from '#kernel';
import type { CountedSetStore, MemberIndexStore } from '#storage';

/** The designs that counted sets are compared with, as simply as the engine can do them. Inexact ones included. */
export interface PlainDesigns {
  /** A like as one conditional write in a partition of the user's: who counts them is left open. */
  likeSpread(post: bigint, user: bigint): Promise<void>;
  /** A like as one conditional write in the post's own partition. */
  likeConditionally(post: bigint, user: bigint): Promise<void>;
  /** Adds one to one of the post's counters. */
  increment(post: bigint, shard: number): Promise<void>;
  readCounters(post: bigint, shards: number): Promise<number>;
}

export interface SingleCopies {
  readonly setStore: CountedSetStore;
  /** Writes to counted sets that each node has done so far. */
  nodeWrites(): Promise<number[]>;
}

/** An engine with a new, empty store. */
export interface BenchEngine {
  readonly name: string;
  readonly setStore: CountedSetStore;
  readonly indexStore: MemberIndexStore;
  readonly plain: PlainDesigns;
  /** As in production. */
  readonly limits: CounterLimits;
  /** The engine writes sets and the members' indexes in one piece. */
  readonly inOnePiece: boolean;
  /** How much is done of everything: 1 for what an embedded engine does in some seconds. */
  readonly scale: number;
  /** Where a store has several nodes: has one copy of everything from then on. The last thing that is done with it. */
  readonly keepSingleCopies?: () => Promise<SingleCopies>;
  close(): Promise<void>;
}

/** So many of the engine's scale, and enough to be measured. */
export function scaled({ scale }: BenchEngine, times: number): number {
  return Math.max(256, Math.round(times * scale));
}

/** A committer of its own, as each process has one; sets grow only when told to. */
export function newSets(store: CountedSetStore): CountedSets {
  const never = { membersMax: Infinity, hotShardsMax: 0, waitingMax: Infinity, heatedPerSecond: Infinity };
  const growth = { followers: never, likes: never, reposts: never, replies: never, posts: never };
  return new CountedSets({ store, clock: systemClock, chance: Math.random, limits: { ...counterLimits, growth } });
}

/** As in production: sets grow as they need. */
export function newMemberships(engine: BenchEngine) {
  const { setStore: store, limits } = engine;
  const sets = new CountedSets({ store, clock: systemClock, chance: Math.random, limits });
  return { sets, memberships: membershipsOf(sets, engine) };
}

export function membershipsOf(sets: CountedSets, { indexStore: index, inOnePiece }: BenchEngine): Memberships {
  return new Memberships({ sets, index, clock: systemClock, chance: Math.random, inOnePiece });
}

/** Somebody of a crowd: users come in no order, so that their rows lie anywhere. */
export function anybody(): bigint {
  const part = () => BigInt(Math.floor(Math.random() * 2 ** 31));
  return (part() << 31n) | part();
}

let last = BigInt(Date.now()) << 22n;

/** Ids as far apart as those of different milliseconds. */
export function newId(): bigint {
  return (last += 1n << 22n);
}
