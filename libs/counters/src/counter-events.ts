import type { CountedSubject, Shard } from '#storage';

/** What happens in here, for metrics and for watching hot partitions. Called on hot paths: be quick, do not throw. */
export interface CounterEvents {
  /** A group was committed, after being tried `lost` times in vain. */
  committed(shard: Shard, operations: number, lost: number): void;
  /** A set has got a generation of `shards` from this process. */
  grown(subject: CountedSubject, shards: number): void;
  /** A set should have grown and could not: the store was away. It is tried again with the next commit. */
  growthFailed(subject: CountedSubject, error: unknown): void;
}

export const noEvents: CounterEvents = {
  committed: () => undefined,
  grown: () => undefined,
  growthFailed: () => undefined,
};
