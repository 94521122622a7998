import type { VitalsRecorder } from '#observability';
import type { CountedSetStore } from '#storage';
import { shardLoads } from '../watch/shard-loads.ts';
import { writtenSets } from '../watch/written-sets.ts';

/** What the shards of one counted set carry, on all instances together. */
export interface CounterSignal {
  /** `likes 221184398712832000`: a row, not a label. */
  readonly set: string;
  readonly changesPerSecond: Readonly<Record<string, number>>;
}

const SETS_MAX = 6;

/** The sets with most changes, as far as they are spread over shards at all. */
export class CounterSignals {
  constructor(
    private readonly vitals: Pick<VitalsRecorder, 'list'>,
    private readonly store: Pick<CountedSetStore, 'loadLayout'>,
  ) {}

  async sample(): Promise<CounterSignal[]> {
    const sets = writtenSets((await this.vitals.list()).vitals, SETS_MAX);
    const layouts = await Promise.all(sets.map(({ subject }) => this.store.loadLayout(subject)));
    return sets
      .map(({ subject: { kind, id }, shards }, i) => ({
        set: `${kind} ${id}`,
        changesPerSecond: shardLoads(layouts[i] ?? [], shards),
      }))
      .filter(({ changesPerSecond }) => Object.keys(changesPerSecond).length > 0);
  }
}
