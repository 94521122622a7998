import type { CounterEvents } from '#counters';
import { loadSkew, SpaceSaving } from '#hot-cache';
import { gainsOf, type Metrics, seriesOf } from '#observability';
import type { CountedSubject, Shard } from '#storage';
import { shardLoads } from './shard-loads.ts';
import { setsOf, SHARD_CHANGES, type WrittenSet } from './written-sets.ts';

const SHARDS_COUNTED = 512;
const SHARDS_TOLD = 100;

/** Below so many changes a second a set is quiet, however unevenly its shards take them. */
export const SHARD_CHANGES_WORTH = 100;

/** How widely sets of one kind are spread, and how evenly: of each the greatest. */
interface Spread {
  readonly shards: number;
  readonly skew: number;
}

/** Which shards of counted sets are written most: what the vitals tell, and how far and how evenly sets are spread. */
export class ShardWatch {
  readonly #changes = new SpaceSaving<string>(SHARDS_COUNTED);
  /** By kind, as of the last look. */
  #spreads: ReadonlyMap<string, Spread> = new Map();

  /** @param layoutOf shards per generation, as far as this process, which writes the set, knows. */
  constructor(
    metrics: Metrics,
    private readonly layoutOf: (subject: CountedSubject) => readonly number[],
  ) {
    const sample = (name: 'counted_shards' | 'counted_shard_skew', of: (spread: Spread) => number): void =>
      metrics.sample(name, () => [...this.#spreads].map(([kind, spread]) => ({ labels: { kind }, value: of(spread) })));
    sample('counted_shards', ({ shards }) => shards);
    sample('counted_shard_skew', ({ skew }) => skew);
  }

  /** The same events, with the commits noted. */
  on(events: CounterEvents): CounterEvents {
    const committed = (shard: Shard, operations: number, lost: number): void => {
      this.#note(shard, operations);
      events.committed(shard, operations, lost);
    };
    return { ...events, committed };
  }

  /** Changes of the shards written most, since the last call: a second ago. */
  take(): ReadonlyMap<string, number> {
    const top = this.#changes.top(SHARDS_TOLD);
    this.#changes.clear();
    const changes = new Map(top.map(({ key, atLeast }) => [key, atLeast]));
    const gains = gainsOf(Object.fromEntries(changes), SHARD_CHANGES);
    this.#spreads = this.#spreadsOf(setsOf(Array.from(gains, ([labels, perSecond]) => ({ labels, perSecond }))));
    return changes;
  }

  #note({ kind, id, generation, shard }: Shard, operations: number): void {
    this.#changes.add(seriesOf(SHARD_CHANGES, kind, String(id), String(generation), String(shard)), operations);
  }

  #spreadsOf(sets: readonly WrittenSet[]): Map<string, Spread> {
    const spreads = new Map<string, Spread>();
    for (const { subject, shards, changesPerSecond } of sets) {
      const known = spreads.get(subject.kind) ?? { shards: 0, skew: 1 };
      const quiet = changesPerSecond < SHARD_CHANGES_WORTH;
      const { ratio } = loadSkew(quiet ? {} : shardLoads(this.layoutOf(subject), shards));
      const spread = { shards: Math.max(known.shards, shards.length), skew: Math.max(known.skew, ratio) };
      spreads.set(subject.kind, spread);
    }
    return spreads;
  }
}
