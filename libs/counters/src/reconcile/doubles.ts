import { ID_BYTES } from '#ids';
import type { CountedSetStore, Shard } from '#storage';
import { answered } from '../answered.ts';
import { placeOf } from '../placement.ts';

/** A member that is in two shards, which the rule of the seals forbids. */
export interface Double {
  readonly member: bigint;
  readonly older: Shard;
  readonly newer: Shard;
}

const ROWS_PER_READ = 500;

/** The members of `shard` that are in a newer generation as well. */
export async function* findDoubles(
  store: CountedSetStore,
  shard: Shard,
  layout: readonly number[],
): AsyncGenerator<Double> {
  for (let after = 0n; shard.generation < layout.length - 1;) {
    const ids = await store.list(shard, after, ROWS_PER_READ);
    const members = Array.from({ length: ids.length / ID_BYTES }, (_, i) => ids.readBigUInt64BE(ID_BYTES * i));
    for (let generation = shard.generation + 1; generation < layout.length; generation++)
      yield* doublesIn(store, shard, generation, answered(layout[generation]), members);
    const last = members.at(-1);
    if (last === undefined || members.length < ROWS_PER_READ) return;
    after = last;
  }
}

async function* doublesIn(
  store: CountedSetStore,
  older: Shard,
  generation: number,
  shards: number,
  members: readonly bigint[],
): AsyncGenerator<Double> {
  const pairs = members.map((member) => ({ member, newer: { ...older, generation, shard: placeOf(member, shards) } }));
  const states = await store.read(pairs.map(({ member, newer }) => ({ shard: newer, members: [member] })));
  for (const [i, { member, newer }] of pairs.entries()) {
    if (states[i]?.since[0] === undefined) continue;
    // A member that left the old shard never comes back there: one that still is in it was in both.
    const [again] = await store.read([{ shard: older, members: [member] }]);
    if (again?.since[0] !== undefined) yield { member, older, newer };
  }
}
