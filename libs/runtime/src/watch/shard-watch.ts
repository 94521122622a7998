import type { CounterEvents } from '#counters';
import { SpaceSaving } from '#hot-cache';
import { type Metrics, seriesOf } from '#observability';
import type { Shard } from '#storage';

/** A series of the vitals: kind, id, generation, shard. */
export const SHARD_CHANGES = 'shard_changes';

const SHARDS_COUNTED = 512;
const SHARDS_TOLD = 100;

/** Which shards of counted sets are written most: what the vitals tell, and how far the widest set is spread. */
export class ShardWatch {
  readonly #changes = new SpaceSaving<string>(SHARDS_COUNTED);
  /** Shards of the set that is spread widest, by kind, at the last look. */
  #spread: ReadonlyMap<string, number> = new Map();

  constructor(metrics: Metrics) {
    metrics.sample('counted_shards', () => [...this.#spread].map(([kind, value]) => ({ labels: { kind }, value })));
  }

  /** The same events, with the commits noted. */
  on(events: CounterEvents): CounterEvents {
    const committed = (shard: Shard, operations: number, lost: number): void => {
      this.#note(shard, operations);
      events.committed(shard, operations, lost);
    };
    return { ...events, committed };
  }

  /** Changes of the shards written most, since the last call. */
  take(): ReadonlyMap<string, number> {
    const heat = new Map(this.#changes.top(SHARDS_TOLD).map(({ key, atLeast }) => [key, atLeast]));
    this.#changes.clear();
    this.#spread = widestByKind(heat.keys());
    return heat;
  }

  #note({ kind, id, generation, shard }: Shard, operations: number): void {
    this.#changes.add(seriesOf(SHARD_CHANGES, kind, String(id), String(generation), String(shard)), operations);
  }
}

function widestByKind(series: Iterable<string>): Map<string, number> {
  const shards = new Map<string, number>();
  const widest = new Map<string, number>();
  for (const one of series) {
    const [, kind = '', id = ''] = one.split('|');
    const set = seriesOf(kind, id);
    const count = (shards.get(set) ?? 0) + 1;
    shards.set(set, count);
    widest.set(kind, Math.max(count, widest.get(kind) ?? 0));
  }
  return widest;
}
