import { type Rate, ratesOf, type Vitals } from '#observability';
import type { CountedKind, CountedSubject } from '#storage';

/** A series of the vitals: kind, id, generation, shard. */
export const SHARD_CHANGES = 'shard_changes';

/** A counted set that is being written. */
export interface WrittenSet {
  readonly subject: CountedSubject;
  readonly changesPerSecond: number;
  /** What its shards take, all that were written. */
  readonly shards: readonly ShardRate[];
}

export interface ShardRate {
  readonly generation: number;
  readonly shard: number;
  readonly perSecond: number;
}

/** The sets with most changes on all instances, most first. */
export function writtenSets(vitals: readonly Vitals[], limit: number): WrittenSet[] {
  return setsOf(ratesOf(vitals, SHARD_CHANGES))
    .sort((a, b) => b.changesPerSecond - a.changesPerSecond)
    .slice(0, limit);
}

/** @param rates by the labels of SHARD_CHANGES. */
export function setsOf(rates: readonly Rate[]): WrittenSet[] {
  const sets = new Map<string, { subject: CountedSubject; changesPerSecond: number; shards: ShardRate[] }>();
  for (const { labels, perSecond } of rates) {
    const [kind = '', id = '0', generation, shard] = labels;
    const key = `${kind} ${id}`;
    const subject = { kind: kind as CountedKind, id: BigInt(id) };
    const set = sets.get(key) ?? { subject, changesPerSecond: 0, shards: [] };
    set.shards.push({ generation: Number(generation), shard: Number(shard), perSecond });
    set.changesPerSecond += perSecond;
    sets.set(key, set);
  }
  return [...sets.values()];
}
