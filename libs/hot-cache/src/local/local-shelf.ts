import type { Clock } from '#kernel';
import { Flight } from '../flight.ts';
import type { CacheKey } from '../key-codec.ts';
import type { RegionCounters } from '../region-counters.ts';
import type { Trust } from '../trust.ts';
import type { Entry } from './entry.ts';
import { Held } from './held.ts';
import type { Fetched, Lifetime } from './lifetime.ts';
import type { LocalTier } from './local-tier.ts';
import type { VersionFloors } from './version-floors.ts';

/**
 * What this process knows of a region: entries, flights, floors, and the rules that keep them consistent.
 *
 * - A key has at most one flight that readers may join.
 * - Invalidating a key voids its flight: later readers start another, and what the old one brings does not enter L1.
 * - The version of a key does not go back, neither below its floor nor below the entry that is there.
 *
 * All of it is synchronous, so that no step of another reader comes in between: that is why there is no lock.
 */
export class LocalShelf<K extends CacheKey, V> {
  /** Told of every invalidation whose version is known. */
  onVoid: (key: K, version: number) => void = () => undefined;
  readonly #flights = new Map<K, Flight<K, V>>();

  constructor(
    readonly tier: LocalTier<K, V>,
    private readonly floors: VersionFloors<K>,
    private readonly lifetime: Lifetime<V>,
    private readonly trust: Trust,
    private readonly own: { counters: RegionCounters; token: () => string },
  ) {}

  /** The entry, if it may be served. */
  find(key: K, nowMs: number): Entry<V> | undefined {
    const entry = this.tier.find(key);
    if (entry === undefined || nowMs >= entry.expiresAtMs) return undefined;
    return entry.generation === this.trust.generationAt(nowMs) ? entry : undefined;
  }

  /** Holds on to what may be served for the keys; undefined where that is not all of them. */
  hold(keys: readonly K[], clock: Clock): Held<V> | undefined {
    const nowMs = clock.elapsed();
    const entries: Entry<V>[] = [];
    for (const key of keys) {
      const entry = this.find(key, nowMs);
      if (entry === undefined) return undefined;
      entries.push(entry);
    }
    return new Held(entries, this.trust, clock);
  }

  /**
   * The value to fall back on when the source fails: its time is over, or trust in it, but nobody said that it is wrong.
   * Never where `ageMaxMs` is 0.
   */
  lastKnown(key: K, nowMs: number, ageMaxMs: number): Entry<V> | undefined {
    const entry = this.tier.find(key);
    return entry !== undefined && ageMaxMs > 0 && nowMs < entry.expiresAtMs + ageMaxMs ? entry : undefined;
  }

  flightOf(key: K): Flight<K, V> | undefined {
    return this.#flights.get(key);
  }

  begin(key: K, nowMs: number): Flight<K, V> {
    const flight = new Flight<K, V>(key, this.trust.generationAt(nowMs), this.own.token());
    this.#flights.set(key, flight);
    return flight;
  }

  /** No reader joins it any more. */
  finish(flight: Flight<K, V>): void {
    if (this.#flights.get(flight.key) === flight) this.#flights.delete(flight.key);
  }

  get flights(): number {
    return this.#flights.size;
  }

  /** The version below which a record must not be handed out for this key. */
  floorAt(key: K, nowMs: number): number {
    return Math.max(this.floors.at(key, nowMs), this.tier.find(key)?.version ?? 0);
  }

  /** Lets a value into L1, unless something has overtaken it. */
  admit(flight: Flight<K, V>, fetched: Fetched<V>, early: boolean, nowMs: number): void {
    if (flight.voided || flight.generation !== this.trust.generationAt(nowMs)) return;
    if (fetched.version < this.floorAt(flight.key, nowMs)) {
      this.own.counters.floorRefusals++;
      return;
    }
    const trusted = fetched.confirmed && this.trust.whole;
    this.tier.put(flight.key, this.lifetime.entry(fetched, flight.generation, trusted, early, nowMs));
  }

  /** The key was invalidated: `version` is the tier's, 0 where it is not known yet. */
  void(key: K, version: number, nowMs: number, pending = false): void {
    const flight = this.#flights.get(key);
    if (flight !== undefined) this.#detach(flight);
    const entry = this.tier.find(key);
    if (entry !== undefined && (version === 0 || entry.version < version)) this.tier.delete(key);
    if (version === 0) return;
    this.floors.raise(key, version, nowMs, pending);
    this.onVoid(key, version);
  }

  /** Trust was lost: what is on its way was begun under it. */
  voidFlights(): void {
    for (const flight of this.#flights.values()) this.#detach(flight);
  }

  #detach(flight: Flight<K, V>): void {
    flight.voided = true;
    this.#flights.delete(flight.key);
  }
}
