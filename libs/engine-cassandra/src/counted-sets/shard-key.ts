import type { Shard } from '#storage';

/** The columns of a shard's partition key, in the order of `keyOf`. */
export const SHARD = 'kind = ? AND subject = ? AND generation = ? AND shard = ?';

export type ShardKey = [kind: string, subject: bigint, generation: number, shard: number];

export function keyOf({ kind, id, generation, shard }: Shard): ShardKey {
  return [kind, id, generation, shard];
}
