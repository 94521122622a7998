import type { Clock } from '#kernel';
import type { BusLink } from './bus/bus-link.ts';
import type { CacheKey } from './key-codec.ts';
import type { LocalShelf } from './local/local-shelf.ts';
import type { RegionCounters } from './region-counters.ts';
import type { RegionOptions } from './region-options.ts';
import { PendingVoids } from './shared/pending-voids.ts';
import type { QuietTier } from './shared/quiet-tier.ts';

const RETRY = { everyMs: 250, namesMax: 50_000, batchMax: 200 };

export interface InvalidatorLinks {
  /** Undefined where the process is alone. */
  readonly tier: QuietTier | undefined;
  readonly bus: BusLink | undefined;
  readonly clock: Clock;
  /** After it nobody serves what was invalidated, whatever became of the messages. */
  readonly stalenessBoundMs: number;
}

/**
 * Throws values out: here, in the shared tier (which voids the leases of whoever is loading the old value), then by the bus
 * in all other processes. The order matters: who hears of an invalidation finds the shared tier without the old value.
 */
export class Invalidator<K extends CacheKey, V> {
  readonly pending: PendingVoids;

  constructor(
    private readonly options: RegionOptions<K, V>,
    private readonly shelf: LocalShelf<K, V>,
    private readonly counters: RegionCounters,
    private readonly links: InvalidatorLinks,
  ) {
    this.pending = new PendingVoids(
      (texts) => this.#everywhere(texts.map(options.keys.read), false),
      links.clock,
      RETRY,
    );
  }

  /**
   * To be called after the change is committed. False where the others will only learn of it later.
   * @param confirmed wait until they have.
   */
  async invalidate(keys: readonly K[], confirmed: boolean): Promise<boolean> {
    this.counters.invalidated += keys.length;
    for (const key of keys) this.shelf.void(key, 0, this.links.clock.elapsed());
    if (this.links.tier === undefined) return this.#here(keys);
    if (await this.#everywhere(keys, confirmed)) return true;
    this.#distrustTier(keys);
    this.pending.add(keys.map(this.options.keys.write));
    return false;
  }

  /** Another process invalidated them. */
  heard(texts: readonly string[], versions: readonly number[]): void {
    this.counters.voided += texts.length;
    const nowMs = this.links.clock.elapsed();
    texts.forEach((text, i) => this.shelf.void(this.options.keys.read(text), versions[i] ?? 0, nowMs));
  }

  /** Floors tell a late `prime` that the key was invalidated meanwhile. */
  #here(keys: readonly K[]): boolean {
    for (const key of keys) this.shelf.void(key, 1, this.links.clock.elapsed());
    return true;
  }

  async #everywhere(keys: readonly K[], confirmed: boolean): Promise<boolean> {
    const { tier, bus, clock, stalenessBoundMs } = this.links;
    const names = keys.map((key) => `${this.options.name}:${this.options.keys.write(key)}`);
    const versions = await tier?.ask((shared) => shared.invalidate(names));
    if (versions === undefined) return false;
    // Again, with the version: between the first time and the tier's answer the old value may have come back from there.
    keys.forEach((key, i) => this.shelf.void(key, versions[i] ?? 0, clock.elapsed()));
    if (bus === undefined) return true;
    const message = { t: 'void', r: this.options.name, k: keys.map(this.options.keys.write), v: versions } as const;
    return confirmed ? bus.sendConfirmed(message, stalenessBoundMs) : bus.send(message);
  }

  /** Until the repetition gets through, what the tier holds for these keys is not believed here. */
  #distrustTier(keys: readonly K[]): void {
    const nowMs = this.links.clock.elapsed();
    for (const key of keys) {
      const floor = Math.max(this.links.clock.now() * 1000, this.shelf.floorAt(key, nowMs) + 1);
      this.shelf.void(key, floor, nowMs, true);
    }
  }
}
