import { type Chance, type Clock, pause, unavailable } from '#kernel';
import type { CopyStage } from './copies/copy-stage.ts';
import type { Flight } from './flight.ts';
import type { Priority } from './guard/bulkhead.ts';
import type { CacheKey } from './key-codec.ts';
import type { LocalShelf } from './local/local-shelf.ts';
import type { Fetched } from './local/lifetime.ts';
import type { RegionCounters } from './region-counters.ts';
import { ttlOf, type ValueLimits } from './region-options.ts';
import type { Filled, SharedSide } from './shared/shared-side.ts';
import type { Source } from './source.ts';
import type { CacheTiming } from './timing.ts';

const PAUSE_MIN_MS = 4;
const PAUSE_MAX_MS = 50;

export interface FetchTerms {
  readonly priority: Priority;
  /** The version whose early refresh this is; 0 where it is none. */
  readonly earlyOf: number;
}

/** Where the leases are from, and when they were asked for. */
interface Leases<K extends CacheKey, V> {
  readonly shared: SharedSide<K, V> | undefined;
  readonly askedAtMs: number;
}

/**
 * Brings keys from the tiers below: asks the shared tier, loads what this process got the lease for, waits where another
 * process loads, and lets the results into L1. A batch takes one round trip and one load, and each of its keys goes its way
 * alone: one that must wait holds up no other.
 */
export class Fetcher<K extends CacheKey, V> {
  constructor(
    private readonly shelf: LocalShelf<K, V>,
    private readonly tiers: { shared: SharedSide<K, V> | undefined; copies: CopyStage<K, V> | undefined },
    private readonly source: Source<K, V>,
    private readonly counters: RegionCounters,
    private readonly context: { clock: Clock; chance: Chance; timing: CacheTiming; limits: ValueLimits<V> },
  ) {}

  /** Settles every flight within the flight's time-out, whatever hangs, and takes it off the shelf. */
  launch(flights: readonly Flight<K, V>[], terms: FetchTerms): void {
    const { clock, timing } = this.context;
    const cancel = clock.after(timing.flightTimeoutMs, () => {
      for (const flight of flights) this.#abandon(flight);
    });
    const giveUp = (error: unknown) => {
      for (const flight of flights) this.#fail(flight, error);
    };
    void this.#fly(flights, terms).catch(giveUp).finally(cancel);
  }

  async #fly(flights: readonly Flight<K, V>[], terms: FetchTerms): Promise<void> {
    const loads: Promise<void>[] = [];
    let waiting = terms.earlyOf > 0 ? flights : await this.#readCopies(flights);
    for (let round = 0; waiting.length > 0; round++) {
      if (round > 0) await this.#pause(round);
      const askedAtMs = this.context.clock.elapsed();
      const { leased, later, shared } = await this.#askShared(waiting, terms);
      if (leased.length > 0) loads.push(this.#load(leased, terms.priority, { shared, askedAtMs }));
      waiting = later.filter((flight) => !flight.settled);
    }
    await Promise.all(loads);
  }

  /** The flights that no copy could serve. */
  async #readCopies(flights: readonly Flight<K, V>[]): Promise<readonly Flight<K, V>[]> {
    const { copies } = this.tiers;
    const reads = copies === undefined ? [] : flights.map((flight) => copies.find(flight));
    if (reads.every((read) => read === undefined)) return flights; // none of the keys is hot
    const found = await Promise.all(reads.map(async (read) => read));
    return flights.filter((flight, i) => {
      const fetched = found[i];
      if (fetched !== undefined) this.#serve(flight, fetched, 'fresh', 0);
      return fetched === undefined;
    });
  }

  /**
   * Without a shared tier, or with one that does not answer, every key is this process's own to load; and to keep for itself:
   * the request may yet arrive there and take the lease, after the change that this load will have missed.
   */
  async #askShared(flights: readonly Flight<K, V>[], terms: FetchTerms) {
    const answers = await this.tiers.shared?.acquire(flights, terms.earlyOf);
    if (answers === undefined) return { leased: flights, later: [], shared: undefined };
    const leased: Flight<K, V>[] = [];
    const later: Flight<K, V>[] = [];
    flights.forEach((flight, i) => {
      const answer = answers[i];
      const fetched = answer?.fetched;
      if (answer?.state === 'lease') leased.push(flight);
      if (fetched !== undefined) this.#serve(flight, fetched, answer?.state ?? 'wait', terms.earlyOf);
      else if (answer?.state === 'wait') later.push(flight);
    });
    return { leased, later, shared: this.tiers.shared };
  }

  /** What the shared tier holds goes to the readers; also into L1, unless a newer value is about to. */
  #serve(flight: Flight<K, V>, fetched: Fetched<V>, state: 'fresh' | 'lease' | 'wait', earlyOf: number): void {
    flight.settle(fetched.value);
    if (state === 'lease') return;
    // Asked early and not given the lease: somebody else refreshes, no need to ask again for this version.
    this.shelf.admit(flight, fetched, fetched.version !== earlyOf, this.context.clock.elapsed());
    this.shelf.finish(flight);
  }

  async #load(flights: readonly Flight<K, V>[], priority: Priority, leases: Leases<K, V>): Promise<void> {
    const { shared, askedAtMs } = leases;
    let values: readonly (V | undefined)[];
    try {
      const keys = flights.map((flight) => flight.key);
      values = await this.source.load(keys, priority);
    } catch (error) {
      // Where readers have a stale value, the lease is kept: until it runs out nobody calls the failing source again.
      const unserved = flights.filter((flight) => !flight.settled);
      for (const flight of flights) this.#fail(flight, error);
      if (unserved.length > 0) await shared?.release(unserved);
      return;
    }
    flights.forEach((flight, i) => {
      flight.loaded = true;
      flight.settle(values[i]);
    });
    const loadMs = this.context.clock.elapsed() - askedAtMs;
    const filled = await shared?.fill(flights, values, loadMs);
    const nowMs = this.context.clock.elapsed();
    flights.forEach((flight, i) => {
      const value = values[i];
      const { version, freshMs } = filled?.[i] ?? this.#kept(flight.key, value, nowMs);
      const confirmed = this.tiers.shared === undefined || filled !== undefined;
      // Where the tier did not take the value, something has overtaken it.
      if (filled === undefined || version > 0)
        this.shelf.admit(flight, { value, version, confirmed, freshMs, loadMs }, true, nowMs);
      this.shelf.finish(flight);
    });
  }

  /** What no shared tier has taken is this process's own. */
  #kept(key: K, value: V | undefined, nowMs: number): Filled {
    return { version: this.shelf.floorAt(key, nowMs), freshMs: ttlOf(value, 'ttlMs', this.context.limits) };
  }

  #fail(flight: Flight<K, V>, error: unknown): void {
    this.shelf.finish(flight);
    if (flight.settled) return;
    const known = this.shelf.lastKnown(flight.key, this.context.clock.elapsed(), this.context.limits.lastKnownMs);
    if (known === undefined) flight.fail(error);
    else {
      this.counters.lastKnownServed++;
      flight.settle(known.value);
    }
  }

  #abandon(flight: Flight<K, V>): void {
    flight.voided = true; // Whatever it brings now is older than the staleness bound allows.
    this.#fail(flight, unavailable('the value did not come in time'));
  }

  #pause(round: number): Promise<void> {
    const { clock, chance } = this.context;
    const pauseMs = Math.min(PAUSE_MAX_MS, PAUSE_MIN_MS * 2 ** (round - 1)) * (0.5 + chance() / 2);
    return pause(pauseMs, clock);
  }
}
