import type { Chance, Clock } from '#kernel';
import type { Flight } from '../flight.ts';
import type { CacheKey } from '../key-codec.ts';
import { freezeDeep } from '../local/freeze.ts';
import type { Fetched } from '../local/lifetime.ts';
import type { LocalShelf } from '../local/local-shelf.ts';
import type { RegionCounters } from '../region-counters.ts';
import { type RegionLimits, type RegionOptions, ttlOf } from '../region-options.ts';
import type { Techniques } from '../techniques.ts';
import type { Trust } from '../trust.ts';
import type { QuietTier } from './quiet-tier.ts';
import type { Acquired, AcquireTerms, Fill, SharedRecord, SharedTier } from './shared-tier.ts';

export interface SharedAnswer<V> {
  readonly state: Acquired['state'];
  readonly fetched: Fetched<V> | undefined;
}

/** What became of a fill. */
export interface Filled {
  /** Given to the record; 0 where the value was not taken. */
  readonly version: number;
  /** For how long the record is fresh: what all other processes will read there. */
  readonly freshMs: number;
}

type Values<V> = readonly (V | undefined)[];

export interface SharedContext {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly techniques: Techniques;
  readonly leaseMs: number;
  readonly trust: Pick<Trust, 'deaf'>;
}

const UNREADABLE = Symbol('unreadable');

/** A region's view of the shared tier: flights in, values out, with names, codecs and terms taken care of. */
export class SharedSide<K extends CacheKey, V> {
  /** Told of every fresh record that was read. */
  onFresh: (key: K, record: SharedRecord) => void = () => undefined;
  readonly #terms: AcquireTerms;

  constructor(
    private readonly tier: QuietTier,
    private readonly options: RegionOptions<K, V> & RegionLimits,
    private readonly shelf: LocalShelf<K, V>,
    private readonly counters: RegionCounters,
    private readonly context: SharedContext,
  ) {
    this.#terms = { graceMs: context.techniques.staleWhileRevalidate ? options.graceMs : 0, leaseMs: context.leaseMs };
  }

  nameOf(key: K): string {
    return `${this.options.name}:${this.options.keys.write(key)}`;
  }

  /** Whether what the tier holds is to be believed. */
  get isCurrent(): boolean {
    return !this.context.trust.deaf;
  }

  /** One answer for each flight; undefined where the tier does not answer, or is not to be believed. */
  async acquire(flights: readonly Flight<K, V>[], earlyOf: number): Promise<SharedAnswer<V>[] | undefined> {
    if (!this.isCurrent) return undefined;
    const nowMs = this.context.clock.elapsed();
    const answers = await this.tier.ask((tier) => {
      if (!this.context.techniques.lease) return this.#withoutLease(tier, flights);
      const requests = flights.map(({ key, token }) => {
        return { name: this.nameOf(key), floor: this.shelf.floorAt(key, nowMs), token, earlyOf };
      });
      return tier.acquire(requests, this.#terms);
    }, this.#giveBack(flights));
    return answers?.map((answer, i) => this.#answer(flights[i], answer));
  }

  /** @param loadMs what a refresh takes: to be given the lease, and to load. */
  async fill(flights: readonly Flight<K, V>[], values: Values<V>, loadMs: number): Promise<Filled[] | undefined> {
    const fills = flights.map(({ key, token }, i) => {
      return this.fillOf(key, values[i], loadMs, this.context.techniques.lease ? { token } : 'always');
    });
    const filled = await this.send(fills);
    for (const { version } of filled ?? []) if (version === 0) this.counters.fillsRefused++;
    return filled;
  }

  /** One answer for each fill; undefined where the tier does not answer. */
  async send(fills: readonly Fill[]): Promise<Filled[] | undefined> {
    const versions = await this.tier.ask((tier) => tier.fill(fills));
    return versions?.map((version, i) => ({ version, freshMs: this.#freshMsOf(fills[i]) }));
  }

  #freshMsOf(fill: Fill | undefined): number {
    if (fill === undefined) return 0;
    return fill.payload === undefined ? fill.keepMs : fill.keepMs - this.#terms.graceMs;
  }

  fillOf(key: K, value: V | undefined, loadMs: number, condition: Fill['condition']): Fill {
    const { codec, negativeTtlMs } = this.options;
    const jitter = 0.9 + this.context.chance() / 5; // what was stored together does not expire together
    const ttlMs = ttlOf(value, 'ttlMs', this.options);
    return {
      name: this.nameOf(key),
      condition,
      payload: value === undefined ? undefined : codec.encode(value),
      keepMs: value === undefined ? this.#negativeKeepMs(negativeTtlMs * jitter) : ttlMs * jitter + this.#terms.graceMs,
      loadMs,
    };
  }

  /** Gives the leases back; if the message fails, they run out by themselves. */
  async release(flights: readonly Flight<K, V>[]): Promise<void> {
    await this.tier.ask(this.#giveBack(flights));
  }

  /** Leases that nobody will use are not to be waited for. */
  #giveBack(flights: readonly Flight<K, V>[]) {
    const leases = () => flights.map(({ key, token }) => ({ name: this.nameOf(key), token }));
    return (tier: SharedTier) => tier.release(leases());
  }

  /** Absence that shall not be remembered is stored for a moment: it ends the lease like any fill. */
  #negativeKeepMs(keepMs: number): number {
    return this.context.techniques.negatives ? keepMs : 1;
  }

  async #withoutLease(tier: SharedTier, flights: readonly Flight<K, V>[]): Promise<Acquired[]> {
    const names = flights.map(({ key }) => this.nameOf(key));
    const records = await tier.read(names, this.#terms.graceMs);
    return records.map((record) => ({ state: record !== undefined && isFresh(record) ? 'fresh' : 'lease', record }));
  }

  #answer(flight: Flight<K, V> | undefined, { state, record }: Acquired): SharedAnswer<V> {
    if (state === 'fresh') this.counters.sharedHits++;
    else if (state === 'lease') this.counters.leases++;
    else this.counters.waits++;
    if (record === undefined) return { state, fetched: undefined };
    if (!isFresh(record)) this.counters.staleServed++;
    const fetched = this.fetched(record);
    if (fetched !== undefined) {
      if (flight !== undefined && state === 'fresh') this.onFresh(flight.key, record);
      return { state, fetched };
    }
    // Another release wrote it. Asking again with a floor above it gets the lease.
    if (flight !== undefined) this.shelf.void(flight.key, record.version + 1, this.context.clock.elapsed());
    return { state: state === 'lease' ? 'lease' : 'wait', fetched: undefined };
  }

  /** What the record says; undefined where its bytes can't be read. */
  fetched(record: SharedRecord): Fetched<V> | undefined {
    const value = this.#decode(record);
    const { version, freshMs, loadMs } = record;
    return value === UNREADABLE ? undefined : { value, version, confirmed: true, freshMs, loadMs };
  }

  /** How long a record is kept beyond its freshness. */
  get graceMs(): number {
    return this.#terms.graceMs;
  }

  #decode(record: SharedRecord): V | undefined | typeof UNREADABLE {
    if (record.payload === undefined) return undefined;
    try {
      return freezeDeep(this.options.codec.decode(record.payload));
    } catch {
      return UNREADABLE;
    }
  }
}

function isFresh(record: SharedRecord): boolean {
  return record.freshMs > 0;
}
