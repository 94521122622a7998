import { AppError, type Clock } from '#kernel';
import type { Fetcher } from './fetcher.ts';
import type { Flight } from './flight.ts';
import type { Priority } from './guard/bulkhead.ts';
import type { HeatSide } from './heat/heat-side.ts';
import type { Prewarmer } from './heat/prewarmer.ts';
import type { Invalidator } from './invalidator.ts';
import type { CacheKey } from './key-codec.ts';
import type { KeyLimits } from './key-limits.ts';
import type { Entry } from './local/entry.ts';
import type { Held } from './local/held.ts';
import type { LocalShelf } from './local/local-shelf.ts';
import type { Primer } from './primer.ts';
import type { RegionCounters } from './region-counters.ts';

const PREWARM_MS = 60_000;

/** A value that is at hand, or the promise of it; `await` takes both. */
export type Soon<T> = T | Promise<T>;

/** A batch of which some keys could not be had. */
export interface PartialBatch<V> {
  /** In the order of the keys; undefined where the thing does not exist or could not be had. */
  readonly values: readonly (V | undefined)[];
  /** Which positions could not be had, and why the first of them. */
  readonly missing: readonly number[];
  readonly error: unknown;
}

/** The parts of a region; put together by HotCache. */
export interface RegionParts<K extends CacheKey, V> {
  readonly shelf: LocalShelf<K, V>;
  readonly fetcher: Fetcher<K, V>;
  readonly invalidator: Invalidator<K, V>;
  readonly primer: Primer<K, V>;
  readonly limits: KeyLimits<K> | undefined;
  readonly heat: HeatSide<K, V> | undefined;
  readonly prewarmer: Prewarmer<K> | undefined;
  readonly counters: RegionCounters;
  readonly clock: Clock;
  readonly singleFlight: boolean;
  readonly lastKnownMs: number;
}

/**
 * One kind of cached thing. Reads answer from L1 without allocating; what is not there comes through one flight for each
 * key. Values are frozen (or bytes) and shared: treat them as immutable.
 *
 * Reads fail with `unavailable` where neither a cache nor the source has the value, `rate_limited` where the key costs too
 * much, or whatever the loader threw; never because a cache failed.
 */
export class Region<K extends CacheKey, V> {
  constructor(private readonly parts: RegionParts<K, V>) {}

  /** From L1 alone: the value, null where the thing is known not to exist, undefined where L1 cannot tell. */
  peek(key: K): V | null | undefined {
    const entry = this.#hit(key, this.parts.clock.elapsed());
    return entry === undefined ? undefined : (entry.value ?? null);
  }

  /** The value, or undefined where the thing does not exist. Not a promise when L1 has it. */
  get(key: K, priority: Priority = 'normal'): Soon<V | undefined> {
    const nowMs = this.parts.clock.elapsed();
    const entry = this.#hit(key, nowMs);
    if (entry !== undefined) return entry.value;
    const started: Flight<K, V>[] = [];
    const flight = this.#flight(key, nowMs, started);
    this.#launch(started, priority);
    return flight.promise;
  }

  /** In the order of the keys. Not a promise when L1 has all of them; else one round trip and one load for the others. */
  getMany(keys: readonly K[], priority: Priority = 'normal'): Soon<(V | undefined)[]> {
    const { values, flights } = this.#collect(keys, priority);
    return flights === undefined ? values : joinAll(values, flights);
  }

  /** As `getMany`, but a key that can't be had takes no other with it: for a page that may be shown in part. */
  getPartial(keys: readonly K[], priority: Priority = 'normal'): Soon<PartialBatch<V>> {
    const { values, flights } = this.#collect(keys, priority);
    return flights === undefined ? { values, missing: [], error: undefined } : joinSome(values, flights);
  }

  /** Holds on to what L1 has for the keys, to find out cheaply how long it stays so; undefined where it lacks one. */
  hold(keys: readonly K[]): Held<V> | undefined {
    return this.parts.shelf.hold(keys, this.parts.clock);
  }

  /**
   * Throws the keys' values out everywhere; to be called after the change is committed. Once it has resolved true, this
   * process serves nothing older, and no process does after the cache's `stalenessBoundMs`. False: the shared tier could not
   * be reached; it goes on trying.
   */
  invalidate(keys: readonly K[]): Promise<boolean> {
    return this.parts.invalidator.invalidate(keys, false);
  }

  /**
   * As `invalidate`, for what nobody may be shown any more: resolves when every process on the bus has confirmed that it
   * serves nothing older, or after the staleness bound. Costs a message of each process, and their round trip.
   */
  invalidateEverywhere(keys: readonly K[]): Promise<boolean> {
    return this.parts.invalidator.invalidate(keys, true);
  }

  /**
   * Puts the first value of a thing that was just created, here and in the shared tier. False where it was not taken: the
   * thing was invalidated meanwhile, or is there already.
   */
  prime(key: K, value: V): Promise<boolean> {
    return this.parts.primer.prime(key, value);
  }

  /** Makes the keys hot on all instances for `forMs`, beginning with having them in L1, whatever their rates. */
  async prewarm(keys: readonly K[], forMs = PREWARM_MS): Promise<void> {
    await this.parts.prewarmer?.announce(keys, forMs);
  }

  get counters(): Readonly<RegionCounters> {
    return this.parts.counters;
  }

  /** Has the key in L1 soon, if it is not there; nobody needs to wait for it. */
  fetchAhead(key: K): Promise<unknown> | undefined {
    const { shelf, clock, fetcher } = this.parts;
    const nowMs = clock.elapsed();
    if (shelf.find(key, nowMs) !== undefined) return undefined;
    const flying = shelf.flightOf(key);
    if (flying !== undefined) return flying.promise;
    const flight = shelf.begin(key, nowMs);
    fetcher.launch([flight], { priority: 'low', earlyOf: 0 });
    return flight.promise;
  }

  #hit(key: K, nowMs: number): Entry<V> | undefined {
    const { shelf, counters, heat } = this.parts;
    heat?.record(key);
    const entry = shelf.find(key, nowMs);
    if (entry === undefined) {
      counters.localMisses++;
      return undefined;
    }
    counters.localHits++;
    if (entry.value === undefined) counters.negativeHits++;
    if (nowMs >= entry.refreshAtMs) this.#refresh(key, entry, nowMs);
    return entry;
  }

  #collect(keys: readonly K[], priority: Priority) {
    const nowMs = this.parts.clock.elapsed();
    const values = new Array<V | undefined>(keys.length);
    const started: Flight<K, V>[] = [];
    let flights: Map<number, Flight<K, V>> | undefined;
    keys.forEach((key, i) => {
      const entry = this.#hit(key, nowMs);
      if (entry === undefined) (flights ??= new Map()).set(i, this.#flight(key, nowMs, started));
      else values[i] = entry.value;
    });
    this.#launch(started, priority);
    return { values, flights };
  }

  /** The key's flight; where it is a new one, it is also put on `started`. */
  #flight(key: K, nowMs: number, started: Flight<K, V>[]): Flight<K, V> {
    const { shelf, counters, limits, singleFlight } = this.parts;
    const flying = singleFlight ? shelf.flightOf(key) : undefined;
    if (flying !== undefined) {
      counters.joined++;
      return flying;
    }
    const flight = shelf.begin(key, nowMs);
    this.parts.heat?.watch(flight);
    const waitMs = limits?.take(key, nowMs) ?? 0;
    if (waitMs === 0) started.push(flight);
    else this.#refuse(flight, waitMs, nowMs);
    return flight;
  }

  #launch(started: Flight<K, V>[], priority: Priority): void {
    if (started.length > 0) this.parts.fetcher.launch(started, { priority, earlyOf: 0 });
  }

  /** Stale, or 429. */
  #refuse(flight: Flight<K, V>, waitMs: number, nowMs: number): void {
    const { shelf, counters, lastKnownMs } = this.parts;
    counters.limited++;
    shelf.finish(flight);
    const known = shelf.lastKnown(flight.key, nowMs, lastKnownMs);
    if (known !== undefined) flight.settle(known.value);
    else flight.fail(new AppError('rate_limited', 'Too many requests for this one thing', { retryAfterMs: waitMs }));
  }

  /** Readers go on being served by the entry; it starts one refresh in its life. */
  #refresh(key: K, entry: Entry<V>, nowMs: number): void {
    const { shelf, counters, fetcher } = this.parts;
    entry.refreshAtMs = Infinity;
    if (shelf.flightOf(key) !== undefined) return;
    if (entry.early) counters.earlyRefreshes++;
    else counters.localRefreshes++;
    fetcher.launch([shelf.begin(key, nowMs)], { priority: 'low', earlyOf: entry.early ? entry.version : 0 });
  }
}

async function joinAll<K extends CacheKey, V>(values: (V | undefined)[], flights: ReadonlyMap<number, Flight<K, V>>) {
  for (const [i, flight] of flights) values[i] = await flight.promise;
  return values;
}

async function joinSome<K extends CacheKey, V>(values: (V | undefined)[], flights: ReadonlyMap<number, Flight<K, V>>) {
  const missing: number[] = [];
  let error: unknown;
  for (const [i, flight] of flights) {
    try {
      values[i] = await flight.promise;
    } catch (reason) {
      error ??= reason;
      missing.push(i);
    }
  }
  return { values, missing, error };
}
