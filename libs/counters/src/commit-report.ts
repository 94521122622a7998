import type { Shard, ShardCount } from '#storage';

/** What a committer says of a group that it is done with. */
export interface CommitReport {
  readonly shard: Shard;
  /** The shard as the commit left it. */
  readonly at: ShardCount;
  readonly operations: number;
  /** Operations that have arrived meanwhile. */
  readonly waiting: number;
  /** How often it was tried in vain. */
  readonly lost: number;
}
