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
    this.pending = new PendingVoids((texts) => this.#repeat(texts.map(options.keys.read)), links.clock, RETRY);
  }

  /**
   * To be called after the change is committed. False where the shared tier, or the others, will only learn of it later.
   * @param confirmed wait until the others have, or serve nothing older in any case.
   */
  async invalidate(keys: readonly K[], confirmed: boolean): Promise<boolean> {
    this.counters.invalidated += keys.length;
    for (const key of keys) this.shelf.void(key, 0, this.links.clock.elapsed());
    if (this.links.tier === undefined) return this.#here(keys);
    const versions = await this.#inTier(keys);
    if (versions !== undefined && (await this.#tell(keys, versions, confirmed))) return true;
    const texts = keys.map(this.options.keys.write);
    this.pending.add(texts);
    const floors = this.#distrustTier(keys);
    if (versions === undefined && !(await this.#tell(keys, floors, confirmed, true))) this.pending.owe(texts);
    return false;
  }

  /**
   * Another process invalidated them.
   * @param unheard by the shared tier: what it holds for them is not believed until their next invalidation.
   */
  heard(texts: readonly string[], versions: readonly number[], unheard: boolean): void {
    this.counters.voided += texts.length;
    const nowMs = this.links.clock.elapsed();
    texts.forEach((text, i) => this.shelf.void(this.options.keys.read(text), versions[i] ?? 0, nowMs, unheard));
  }

  /** Floors tell a late `prime` that the key was invalidated meanwhile. */
  #here(keys: readonly K[]): boolean {
    for (const key of keys) this.shelf.void(key, 1, this.links.clock.elapsed());
    return true;
  }

  async #repeat(keys: readonly K[]): Promise<boolean> {
    const versions = await this.#inTier(keys);
    return versions !== undefined && this.#tell(keys, versions, false);
  }

  /** The new versions; undefined where the tier does not answer. */
  async #inTier(keys: readonly K[]): Promise<readonly number[] | undefined> {
    const { tier, clock } = this.links;
    const names = keys.map((key) => `${this.options.name}:${this.options.keys.write(key)}`);
    const versions = await tier?.ask((shared) => shared.invalidate(names));
    // Again, with the version: between the first time and the tier's answer the old value may have come back from there.
    if (versions !== undefined) keys.forEach((key, i) => this.shelf.void(key, versions[i] ?? 0, clock.elapsed()));
    return versions;
  }

  /** Tells the other processes; false where that failed. */
  async #tell(keys: readonly K[], v: readonly number[], confirmed: boolean, unheard = false): Promise<boolean> {
    const { bus, stalenessBoundMs } = this.links;
    if (bus === undefined) return !unheard;
    const body = { t: 'void', r: this.options.name, k: keys.map(this.options.keys.write), v } as const;
    const message = unheard ? ({ ...body, u: true } as const) : body;
    return confirmed ? bus.sendConfirmed(message, stalenessBoundMs) : bus.send(message);
  }

  /** Until the repetition gets through, what the tier holds for these keys is not believed here: below the floors returned. */
  #distrustTier(keys: readonly K[]): number[] {
    const nowMs = this.links.clock.elapsed();
    return keys.map((key) => {
      const floor = Math.max(this.links.clock.now() * 1000, this.shelf.floorAt(key, nowMs) + 1);
      this.shelf.void(key, floor, nowMs, true);
      return floor;
    });
  }
}
