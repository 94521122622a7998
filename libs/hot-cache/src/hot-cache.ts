import { type Chance, type Clock, pause } from '#kernel';
import { BusLink } from './bus/bus-link.ts';
import type { TierNews } from './bus/tier-watch.ts';
import type { BusMessage } from './bus/bus-message.ts';
import type { InvalidationBus } from './bus/invalidation-bus.ts';
import { CircuitBreaker } from './guard/circuit-breaker.ts';
import type { CacheKey } from './key-codec.ts';
import { defaultHeat, type HeatOptions } from './heat/heat-options.ts';
import type { HotKeyReport, KeyReport } from './heat/heat-side.ts';
import { memberOf } from './own/own-member.ts';
import { OwnRegion, type OwnRegionOptions } from './own/own-region.ts';
import type { Region } from './region.ts';
import { assembleRegion, type RegionMember } from './region-assembly.ts';
import type { RegionSnapshot } from './region-counters.ts';
import type { RegionOptions } from './region-options.ts';
import { QuietTier } from './shared/quiet-tier.ts';
import type { SharedTier } from './shared/shared-tier.ts';
import { allTechniques, type Techniques } from './techniques.ts';
import { type CacheTiming, checkTiming, defaultTiming } from './timing.ts';
import { tokenSource } from './token-source.ts';
import { Trust } from './trust.ts';

/** Fails fast and comes back soon: while it is open, every reader pays a load instead. */
const TIER_BREAKER = { windowMs: 2_000, callsMin: 5, failureRatio: 0.5, openMs: 500, probes: 2 };

export interface HotCacheOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  /** What the processes share; without it the process is alone, and its L1 holds values for their whole time. */
  readonly tier?: SharedTier;
  /** Belongs with the tier: without it other processes learn of an invalidation when L1's time is over. */
  readonly bus?: InvalidationBus;
  /** This process's name among all on the bus; unique for each start. */
  readonly origin?: string;
  readonly techniques?: Partial<Techniques>;
  readonly timing?: Partial<CacheTiming>;
  readonly heat?: Partial<HeatOptions>;
}

/** What the cache as a whole did and how it stands. */
export interface CacheSnapshot {
  readonly regions: Readonly<Record<string, RegionSnapshot>>;
  readonly tier: {
    readonly state: string;
    readonly calls: number;
    readonly failures: number;
    readonly skipped: number;
  };
  readonly bus: BusLink['counters'] & { readonly whole: boolean; readonly losses: number; readonly others: number };
  /** By region: bytes charged, and entries by room. */
  readonly local: Readonly<Record<string, { bytes: number; main: number; hot: number; negative: number }>>;
}

/**
 * A cache for things that may be read a thousand times more than others: regions (one for each kind of thing) over a tier in
 * the process and one that all processes share. See README.md for the use and the techniques.
 */
export class HotCache {
  readonly #techniques: Techniques;
  readonly #timing: CacheTiming;
  readonly #trust: Trust;
  readonly #tier: QuietTier | undefined;
  readonly #bus: BusLink | undefined;
  readonly #token: () => string;
  readonly #heat: HeatOptions;
  /** This process's name among those on the bus. */
  readonly origin: string;
  #cancelTurn: (() => void) | undefined;
  readonly #regions = new Map<string, RegionMember>();

  constructor(private readonly options: HotCacheOptions) {
    const { clock, chance, tier, bus } = options;
    this.#techniques = { ...allTechniques, ...options.techniques };
    this.#timing = checkTiming({ ...defaultTiming, ...options.timing });
    this.#heat = { ...defaultHeat, ...options.heat };
    this.#token = tokenSource(chance);
    this.origin = options.origin ?? this.#token();
    this.#trust = new Trust(() => this.#regions.forEach((region) => region.trustLost()));
    const breaker = new CircuitBreaker(clock, chance, TIER_BREAKER);
    this.#tier = tier && new QuietTier(tier, breaker, this.#timing.tierTimeoutMs, clock);
    if (bus === undefined || !this.#techniques.invalidationBus) return;
    const link = { origin: this.origin, timing: this.#timing, tier: this.#tierNews() };
    this.#bus = new BusLink(bus, this.#trust, (message) => this.#hear(message), clock, link);
  }

  /** Before `start`. */
  region<K extends CacheKey, V>(options: RegionOptions<K, V>): Region<K, V> {
    this.#checkName(options.name);
    const { clock, chance } = this.options;
    const { region, member } = assembleRegion(options, {
      clock,
      chance,
      tier: this.#tier,
      bus: this.#bus,
      trust: this.#trust,
      token: this.#token,
      techniques: this.#techniques,
      timing: this.#timing,
      heat: this.#heat,
      origin: this.origin,
    });
    this.#regions.set(options.name, member);
    return region;
  }

  /** Before `start`. */
  ownRegion<O extends CacheKey, P extends bigint | string, V>(options: OwnRegionOptions<O, P, V>): OwnRegion<O, P, V> {
    this.#checkName(options.name);
    const { localTier } = this.#techniques;
    const shared = this.options.tier !== undefined;
    const region = new OwnRegion(options, { clock: this.options.clock, shared, bus: this.#bus, localTier });
    this.#regions.set(options.name, memberOf(region));
    return region;
  }

  /** Joins the bus. Reads are possible before, with entries that live for a moment only. */
  async start(): Promise<void> {
    await this.#bus?.start();
    if (this.#techniques.detection) this.#turnLater();
  }

  /**
   * For a fresh process, between `start` and being ready: waits until the others have said what is hot, and has it in L1.
   * Takes a window and a half, and a read; nothing where there is no bus. Never rejects.
   */
  async warmUp(): Promise<void> {
    if (this.#bus === undefined || !this.#techniques.detection) return;
    await pause(1.5 * this.#heat.windowMs, this.options.clock);
    const warm = async ({ heat, counters }: RegionMember): Promise<void> => {
      const keys = (await heat?.warm()) ?? 0;
      counters.warmedUp += keys;
    };
    await Promise.all([...this.#regions.values()].map(warm));
  }

  /** As the region's own `prewarm`, for an operator who names things by text. False: no such region. */
  async prewarm(region: string, texts: readonly string[], forMs = 60_000): Promise<boolean> {
    const member = this.#regions.get(region);
    if (member === undefined) return false;
    await member.prewarm(texts, forMs);
    return true;
  }

  /** What is hot now, hottest first. */
  get hotKeys(): HotKeyReport[] {
    const all = [...this.#regions.values()].flatMap(({ heat }) => heat?.report ?? []);
    return all.sort((a, b) => b.readsPerSecond - a.readsPerSecond);
  }

  /** What is read most without being hot, most read first: what an operator asks for where nothing is hot. */
  busiestKeys(n: number): KeyReport[] {
    const all = [...this.#regions.values()].flatMap(({ heat }) => heat?.busiest(n) ?? []);
    return all.sort((a, b) => b.readsPerSecond - a.readsPerSecond).slice(0, n);
  }

  /** Reads per second, over all instances, from which a key is hot. */
  get hotFromPerSecond(): number {
    return this.#heat.promotePerSecond;
  }

  /** What was hot during the last minutes, and is not any more. */
  get hotHistory() {
    return [...this.#regions.values()].flatMap(({ heat }) => heat?.history ?? []);
  }

  /** Leaves the bus; no timer of the cache is left when what is on its way has come or timed out. */
  async stop(): Promise<void> {
    this.#cancelTurn?.();
    for (const region of this.#regions.values()) region.stop();
    await this.#bus?.stop();
  }

  /** The greatest staleness of any region's reads, in milliseconds; see `stalenessBoundMs` for what it promises. */
  get stalenessBoundMs(): number {
    return Math.max(0, ...[...this.#regions.values()].map((region) => region.stalenessBoundMs));
  }

  get snapshot(): CacheSnapshot {
    const members = [...this.#regions.entries()];
    const { whole, losses } = this.#trust;
    const bus = this.#bus?.counters ?? { sent: 0, sendFailures: 0, received: 0, garbled: 0, gaps: 0, silences: 0 };
    return {
      regions: Object.fromEntries(members.map(([name, member]) => [name, Object.assign({}, member.counters)])),
      tier: { state: this.#tier?.state ?? 'none', ...(this.#tier?.counters ?? { calls: 0, failures: 0, skipped: 0 }) },
      bus: { ...bus, whole, losses, others: this.#bus?.others ?? 0 },
      local: Object.fromEntries(members.map(([name, { local }]) => [name, { bytes: local.bytes, ...local.entries }])),
    };
  }

  #checkName(name: string): void {
    if (this.#regions.has(name)) throw new Error(`the region ${name} is there already`);
  }

  #tierNews(): TierNews {
    const [tier, regions] = [this.#tier, this.#regions];
    return {
      get answeredAtMs() {
        return tier?.answeredAtMs ?? -Infinity;
      },
      ask: () => void tier?.ask((shared) => shared.read(['beat'], 0)),
      get owes() {
        for (const { owes } of regions.values()) if (owes) return true;
        return false;
      },
    };
  }

  #hear(message: BusMessage): void {
    if (message.t === 'void') this.#regions.get(message.r)?.voided(message.k, message.v, message.u === true);
    if (message.t === 'warm') this.#regions.get(message.r)?.warmed(message.k, message.ms);
    if (message.t === 'heat') this.#regions.get(message.r)?.heat?.hear(message.o, message.h, message.n);
  }

  #turnLater(): void {
    this.#cancelTurn = this.options.clock.after(this.#heat.windowMs, () => {
      for (const { heat } of this.#regions.values()) heat?.turn();
      this.#turnLater();
    });
  }
}
