import { type Clock, withDeadline } from '#kernel';
import type { Priority } from './guard/bulkhead.ts';
import type { CacheKey } from './key-codec.ts';
import { freezeDeep } from './local/freeze.ts';
import type { RegionCounters } from './region-counters.ts';
import type { RegionOptions } from './region-options.ts';

/** The region's loader, counted, with a deadline, behind its store's guard. */
export class Source<K extends CacheKey, V> {
  constructor(
    private readonly options: RegionOptions<K, V>,
    private readonly timeoutMs: number,
    private readonly counters: RegionCounters,
    private readonly clock: Clock,
  ) {}

  async load(keys: readonly K[], priority: Priority): Promise<readonly (V | undefined)[]> {
    const { guard, name } = this.options;
    this.counters.loads++;
    this.counters.keysLoaded += keys.length;
    try {
      const work = guard === undefined ? this.#load(keys) : guard.run(() => this.#load(keys), priority, true);
      const values = await withDeadline(work, this.timeoutMs, `loading ${name}`, this.clock);
      if (values.length !== keys.length) throw new Error(`loading ${name}: not one answer for each key`);
      return values.map(freezeDeep);
    } catch (error) {
      this.counters.loadFailures++;
      throw error;
    }
  }

  /** A loader that throws at once is a loader that fails. */
  async #load(keys: readonly K[]): Promise<readonly (V | undefined)[]> {
    return this.options.load(keys);
  }
}
