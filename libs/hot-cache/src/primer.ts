import type { Clock } from '#kernel';
import type { CacheKey } from './key-codec.ts';
import { freezeDeep } from './local/freeze.ts';
import type { LocalShelf } from './local/local-shelf.ts';
import type { RegionCounters } from './region-counters.ts';
import type { QuietTier } from './shared/quiet-tier.ts';
import type { SharedSide } from './shared/shared-side.ts';

/** Puts values in that nobody has asked for yet: what was just created, and what is about to be read by everybody. */
export class Primer<K extends CacheKey, V> {
  constructor(
    private readonly shelf: LocalShelf<K, V>,
    private readonly shared: SharedSide<K, V> | undefined,
    private readonly tier: QuietTier | undefined,
    private readonly counters: RegionCounters,
    private readonly context: { clock: Clock; ttlMs: number },
  ) {}

  /**
   * Takes the place of "does not exist" or of nothing, never that of an invalidation: a thing created and soon deleted must
   * not come back because its creator was slow. Hence only for things whose first value this is.
   */
  async prime(key: K, value: V): Promise<boolean> {
    const { clock, ttlMs } = this.context;
    const floor = this.shelf.floorAt(key, clock.elapsed());
    if (this.shared === undefined && floor > 0) return false;
    this.shelf.void(key, 0, clock.elapsed());
    const flight = this.shelf.begin(key, clock.elapsed());
    const frozen = freezeDeep(value);
    flight.settle(frozen); // Whoever reads it meanwhile has it from here.
    const version = this.shared === undefined ? floor : await this.#fill(this.shared, key, frozen);
    if (version !== undefined) {
      const fetched = { value: frozen, version, confirmed: true, freshMs: ttlMs, loadMs: 0 };
      this.shelf.admit(flight, fetched, true, clock.elapsed());
      this.counters.primed++;
    }
    this.shelf.finish(flight);
    return version !== undefined;
  }

  async #fill(shared: SharedSide<K, V>, key: K, value: V): Promise<number | undefined> {
    const versions = await this.tier?.ask((tier) => tier.fill([shared.fillOf(key, value, 0, 'empty')]));
    const version = versions?.[0] ?? 0;
    return version > 0 ? version : undefined;
  }
}
