import type { Clock } from '#kernel';
import type { CacheKey } from './key-codec.ts';
import { freezeDeep } from './local/freeze.ts';
import type { LocalShelf } from './local/local-shelf.ts';
import type { RegionCounters } from './region-counters.ts';
import type { Filled, SharedSide } from './shared/shared-side.ts';

/** Puts values in that nobody has asked for yet: what was just created, and what is about to be read by everybody. */
export class Primer<K extends CacheKey, V> {
  constructor(
    private readonly shelf: LocalShelf<K, V>,
    private readonly shared: SharedSide<K, V> | undefined,
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
    const alone = { version: floor, freshMs: ttlMs };
    const filled = this.shared === undefined ? alone : await this.#fill(this.shared, key, frozen);
    if (filled !== undefined) {
      this.shelf.admit(flight, { value: frozen, confirmed: true, loadMs: 0, ...filled }, true, clock.elapsed());
      this.counters.primed++;
    }
    this.shelf.finish(flight);
    return filled !== undefined;
  }

  async #fill(shared: SharedSide<K, V>, key: K, value: V): Promise<Filled | undefined> {
    const [filled] = (await shared.send([shared.fillOf(key, value, 0, 'empty')])) ?? [];
    return filled !== undefined && filled.version > 0 ? filled : undefined;
  }
}
