import type { CountedSubject, Shard } from '#storage';

/** What happens in here, for metrics and for watching hot partitions. Called on hot paths: be quick, do not throw. */
export interface CounterEvents {
  /** A group was decided by a shard, after being tried `lost` times in vain. */
  committed(shard: Shard, operations: number, lost: number): void;
  /** A set has got a generation of `shards` from this process. */
  grown(subject: CountedSubject, shards: number): void;
  /** A set was counted anew from its members. */
  checked(check: SetCheck): void;
  /** Something that nobody waits for failed: `unavailable` when the store was away. Nothing is wrong because of it. */
  failed(work: BackgroundWork, error: unknown): void;
}

/** Growing a set, settling rows of the index, packing a sealed shard, the walk that checks all sets. */
export type BackgroundWork = 'growth' | 'settling' | 'packing' | 'checking';

/** What a check of one set found. */
export interface SetCheck {
  readonly subject: CountedSubject;
  /** Members as counted one by one. */
  readonly members: number;
  /** What the totals said beyond that, repaired by now: must be 0. */
  readonly drift: number;
  /** Members that were in two shards, and are in one by now: must be 0. */
  readonly doubles: number;
  /** Shards that changed too often to be counted: check again when the set is quieter. */
  readonly busyShards: number;
}

export const noEvents: CounterEvents = {
  committed: () => undefined,
  grown: () => undefined,
  checked: () => undefined,
  failed: () => undefined,
};
