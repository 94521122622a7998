import type { CountedSubject, Shard } from '#storage';

/** What happens in here, for metrics and for watching hot partitions. Called on hot paths: be quick, do not throw. */
export interface CounterEvents {
  /** A group was committed, after being tried `lost` times in vain. */
  committed(shard: Shard, operations: number, lost: number): void;
  /** A set has got a generation of `shards` from this process. */
  grown(subject: CountedSubject, shards: number): void;
  /** A set should have grown and could not: the store was away. It is tried again with the next commit. */
  growthFailed(subject: CountedSubject, error: unknown): void;
  /** A set was counted anew from its members. */
  checked(check: SetCheck): void;
  /** Rows of the members' index could not be settled, for another reason than that the store was away. */
  settlingFailed(error: unknown): void;
  /** The background walk met an error and goes on with the next set. */
  checkFailed(error: unknown): void;
}

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
  growthFailed: () => undefined,
  checked: () => undefined,
  settlingFailed: () => undefined,
  checkFailed: () => undefined,
};
