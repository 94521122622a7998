import type { CountedSubject, Shard } from '#storage';

/**
 * A member's shard in a generation: a hash of the member modulo the generation's shards. Ids carry their time on top and
 * mostly zeros at the bottom, so all 64 bits are mixed (the finaliser of MurmurHash3, Appleby 2011).
 */
export function placeOf(member: bigint, shards: number): number {
  return shards === 1 ? 0 : hashOf(member) % shards;
}

export function hashOf(member: bigint): number {
  const low = Number(BigInt.asUintN(32, member));
  const high = Number(BigInt.asUintN(32, member >> 32n));
  return mix(mix(low) ^ high);
}

function mix(word: number): number {
  let h = word ^ (word >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * The shards that a member of `shard` may be in, oldest generation first, `shard` last. Each generation has a multiple
 * of the shards of the one before, so all members of a shard share its ancestors.
 */
export function lineage(shard: Shard, layout: readonly number[]): Shard[] {
  const { kind, id } = shard;
  const shards: Shard[] = [];
  for (let generation = 0; generation < shard.generation; generation++)
    shards.push({ kind, id, generation, shard: shard.shard % (layout[generation] ?? 1) });
  shards.push(shard);
  return shards;
}

/** All shards of a set, oldest generation first: the order of pages and chapters. */
export function shardsOf(subject: CountedSubject, layout: readonly number[]): Shard[] {
  const { kind, id } = subject;
  return layout.flatMap((shards, generation) =>
    Array.from({ length: shards }, (_, shard) => ({ kind, id, generation, shard })),
  );
}
