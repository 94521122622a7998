import type { ShardCount } from '#storage';

/** How many members a set has, shard by shard. One shard stands for almost every set. */
export type Count = readonly ShardCount[];

export function totalOf(count: Count): number {
  let total = 0;
  for (const shard of count) total += shard.total;
  return total;
}

/** The total with what a reader knows of one shard, by a change of their own, put in where it is newer. */
export function totalWith(count: Count, at: ShardCount | undefined): number {
  return totalOf(at === undefined ? count : withShard(count, at));
}

/** The count with what is known of one of its shards, if that is newer: versions of a shard only grow. */
export function withShard(count: Count, at: ShardCount): Count {
  const index = count.findIndex((shard) => shard.generation === at.generation && shard.shard === at.shard);
  const known = count[index];
  if (known === undefined) return [...count, at];
  return at.version > known.version ? count.with(index, at) : count;
}

/** Shard by shard the newer of the two. */
export function mergeCounts(a: Count, b: Count): Count {
  return b.reduce(withShard, a);
}
