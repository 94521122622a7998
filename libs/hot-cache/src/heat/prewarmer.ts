import type { BusLink } from '../bus/bus-link.ts';
import type { CacheKey } from '../key-codec.ts';
import type { RegionCounters } from '../region-counters.ts';
import type { RegionOptions } from '../region-options.ts';

/** Before a predictable event: has every instance load the keys and keep them in the hot room for a while. */
export class Prewarmer<K extends CacheKey> {
  constructor(
    private readonly options: Pick<RegionOptions<K, unknown>, 'name' | 'keys'>,
    /** Makes keys hot in this process. */
    private readonly pin: (keys: readonly K[], forMs: number) => void,
    private readonly counters: RegionCounters,
    private readonly bus: BusLink | undefined,
  ) {}

  /** Here first, so that the others find the values in the shared tier. */
  async announce(keys: readonly K[], forMs: number): Promise<void> {
    this.#warm(keys, forMs);
    await this.bus?.send({ t: 'warm', r: this.options.name, k: keys.map(this.options.keys.write), ms: forMs });
  }

  heard(texts: readonly string[], forMs: number): void {
    this.#warm(texts.map(this.options.keys.read), forMs);
  }

  #warm(keys: readonly K[], forMs: number): void {
    this.counters.prewarmed += keys.length;
    this.pin(keys, forMs);
  }
}
