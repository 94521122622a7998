import type { Clock } from '#kernel';
import type { BusLink } from '../bus/bus-link.ts';
import type { HeatRow } from '../bus/bus-message.ts';
import type { Flight } from '../flight.ts';
import type { CacheKey } from '../key-codec.ts';
import type { LocalTier } from '../local/local-tier.ts';
import type { RegionOptions } from '../region-options.ts';
import type { QuietTier } from '../shared/quiet-tier.ts';
import type { Techniques } from '../techniques.ts';
import type { HeatOptions } from './heat-options.ts';
import type { HotKey } from './hot-key.ts';
import { HotKeys } from './hot-keys.ts';

/** How much a key is read. */
export interface KeyReport {
  readonly region: string;
  readonly key: string;
  /** On all instances, and by instance; lower bounds. */
  readonly readsPerSecond: number;
  readonly instances: Readonly<Record<string, number>>;
  /** Of the region's reads. */
  readonly share: number;
}

/** One hot key, as an operator wants to see it. */
export interface HotKeyReport extends KeyReport {
  /** In this process, since it is hot: reads answered by L1; flights answered by the shared tier. */
  readonly localHitRatio: number;
  readonly sharedHitRatio: number;
  /** Of this process's flights for it. */
  readonly latencyMs: number;
  readonly errors: number;
  readonly mitigations: readonly string[];
  /** Wall clock. */
  readonly sinceMs: number;
}

export interface HeatLinks {
  readonly clock: Clock;
  readonly bus: BusLink | undefined;
  readonly tier: QuietTier | undefined;
  readonly techniques: Techniques;
  readonly origin: string;
  readonly heat: HeatOptions;
}

/** A region's hot keys with what follows from them: room in L1, news for the others, the operator's view. */
export class HeatSide<K extends CacheKey, V> {
  readonly #hot: HotKeys<K>;

  constructor(
    private readonly options: RegionOptions<K, V>,
    private readonly local: LocalTier<K, V>,
    /** Sees to it that the key is in L1. */
    private readonly fetch: (key: K) => Promise<unknown> | undefined,
    private readonly links: HeatLinks,
  ) {
    const { origin, heat, clock, techniques } = links;
    const promote = (key: K): void => {
      if (techniques.hotRoom) local.promote(key);
      void fetch(key);
    };
    const demote = (key: K): void => local.demote(key);
    const report = (rows: readonly HeatRow[], total?: number): void => this.#report(rows, total);
    const instances = (): number => 1 + (links.bus?.others ?? 0);
    const settings = { origin, keys: options.keys, heat, instances };
    this.#hot = new HotKeys(settings, { promote, demote, report }, clock);
  }

  record(key: K): void {
    this.#hot.record(key);
  }

  /** Watches a hot key's flight; others go unwatched. */
  watch(flight: Flight<K, V>): void {
    const hot = this.#hot.find(flight.key);
    if (hot === undefined) return;
    const startMs = this.links.clock.elapsed();
    const over = (failed: boolean) => hot.observe(this.links.clock.elapsed() - startMs, flight.loaded, failed);
    flight.promise.then(
      () => over(false),
      () => over(true),
    );
  }

  /** How many copies the key should have: more with its rate, one a node at most. */
  copiesOf(key: K): number {
    const wanted = this.#hot.find(key)?.copies ?? 0;
    return Math.min(wanted, this.links.tier?.tags().length ?? 0);
  }

  turn(): void {
    this.#hot.turn();
  }

  hear(origin: string, rows: readonly HeatRow[], total?: number): void {
    this.#hot.hear(origin, rows, total);
  }

  /** Hot for a while, and in L1 as soon as may be. */
  pin(keys: readonly K[], forMs: number): void {
    for (const key of keys) {
      this.#hot.pin(key, forMs);
      void this.fetch(key);
    }
  }

  /** Fetches what is hot and not in L1; what can't be had will be fetched by its readers. How many it has then. */
  async warm(): Promise<number> {
    const fetched = await Promise.allSettled(this.#hot.list.map(async ({ key }) => this.fetch(key)));
    return fetched.filter(({ status }) => status === 'fulfilled').length;
  }

  get history() {
    return this.#hot.history.map((episode) => ({ region: this.options.name, ...episode }));
  }

  /** The `n` keys that are read most without being hot, most read first. */
  busiest(n: number): KeyReport[] {
    return this.#hot.busiest(n).map(([key, readsPerSecond]) => this.#read(key, readsPerSecond));
  }

  get report(): HotKeyReport[] {
    return this.#hot.list.map((hot) => ({
      ...this.#read(this.options.keys.write(hot.key), hot.readsPerSecond),
      localHitRatio: hot.reads === 0 ? 0 : Math.max(0, 1 - hot.flights / hot.reads),
      sharedHitRatio: hot.flights === 0 ? 0 : 1 - hot.loads / hot.flights,
      latencyMs: hot.latencyMs,
      errors: hot.errors,
      mitigations: this.#mitigations(hot),
      sinceMs: hot.sinceMs,
    }));
  }

  #read(key: string, readsPerSecond: number): KeyReport {
    const total = this.#hot.totalPerSecond;
    return {
      region: this.options.name,
      key,
      readsPerSecond,
      instances: this.#hot.byOrigin(key),
      share: total === 0 ? 0 : Math.min(1, readsPerSecond / total),
    };
  }

  #mitigations({ key, pinnedUntilMs }: HotKey<K>): string[] {
    const inForce = this.local.isHot(key) ? ['hot-room'] : [];
    const copies = this.copiesOf(key);
    if (copies > 1 && this.links.techniques.copies) inForce.push(`copies-${copies}`);
    if (pinnedUntilMs > this.links.clock.elapsed()) inForce.push('prewarmed');
    return inForce;
  }

  #report(rows: readonly HeatRow[], total: number | undefined): void {
    const body = { t: 'heat' as const, r: this.options.name, h: rows };
    void this.links.bus?.send(total === undefined ? body : { ...body, n: total });
  }
}
