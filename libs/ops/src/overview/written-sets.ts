import type { Vitals } from '#observability';
import { SHARD_CHANGES } from '#runtime';
import { type CountedKind, type CountedSubject } from '#storage';
import { ratesOf } from './rates.ts';

/** A counted set that is being written, on any instance. */
export interface WrittenSet {
  readonly subject: CountedSubject;
  readonly changesPerSecond: number;
  /** What its shards take, all that were written. */
  readonly shardsPerSecond: readonly number[];
}

/** The sets with most changes, most first. */
export function writtenSets(vitals: readonly Vitals[], limit: number): WrittenSet[] {
  const sets = new Map<string, { subject: CountedSubject; shardsPerSecond: number[] }>();
  for (const { labels, perSecond } of ratesOf(vitals, SHARD_CHANGES)) {
    const [kind = '', id = '0'] = labels;
    const key = `${kind} ${id}`;
    const set = sets.get(key) ?? { subject: { kind: kind as CountedKind, id: BigInt(id) }, shardsPerSecond: [] };
    set.shardsPerSecond.push(perSecond);
    sets.set(key, set);
  }
  return [...sets.values()]
    .map((set) => ({ ...set, changesPerSecond: set.shardsPerSecond.reduce((sum, rate) => sum + rate, 0) }))
    .sort((a, b) => b.changesPerSecond - a.changesPerSecond)
    .slice(0, limit);
}
