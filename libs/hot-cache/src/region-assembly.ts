import type { Chance, Clock } from '#kernel';
import type { BusLink } from './bus/bus-link.ts';
import { Copies } from './copies/copies.ts';
import { CopyStage } from './copies/copy-stage.ts';
import { Fetcher } from './fetcher.ts';
import type { HeatOptions } from './heat/heat-options.ts';
import { HeatSide } from './heat/heat-side.ts';
import { Prewarmer } from './heat/prewarmer.ts';
import { Invalidator } from './invalidator.ts';
import type { CacheKey } from './key-codec.ts';
import { KeyLimits } from './key-limits.ts';
import { Lifetime } from './local/lifetime.ts';
import { LocalShelf } from './local/local-shelf.ts';
import { type LocalBudget, LocalTier } from './local/local-tier.ts';
import { VersionFloors } from './local/version-floors.ts';
import { Primer } from './primer.ts';
import { Region } from './region.ts';
import { RegionCounters } from './region-counters.ts';
import { defaultLimits, type RegionLimits, type RegionOptions } from './region-options.ts';
import type { QuietTier } from './shared/quiet-tier.ts';
import { SharedSide } from './shared/shared-side.ts';
import { Source } from './source.ts';
import { stalenessBoundMs } from './staleness-bound.ts';
import type { Techniques } from './techniques.ts';
import type { CacheTiming } from './timing.ts';
import type { Trust } from './trust.ts';

/** What all regions of a cache have in common. */
export interface CacheContext {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly tier: QuietTier | undefined;
  readonly bus: BusLink | undefined;
  readonly trust: Trust;
  readonly token: () => string;
  readonly techniques: Techniques;
  readonly timing: CacheTiming;
  readonly heat: HeatOptions;
  /** This process's name. */
  readonly origin: string;
}

/** What the cache itself needs of a region, whatever its keys and values are. */
export interface RegionMember {
  readonly counters: RegionCounters;
  readonly heat:
    Pick<HeatSide<CacheKey, unknown>, 'turn' | 'hear' | 'warm' | 'report' | 'busiest' | 'history'> | undefined;
  readonly local: Pick<LocalTier<CacheKey, unknown>, 'bytes' | 'entries'>;
  readonly stalenessBoundMs: number;
  /** Whether there are invalidations that nobody else knows of. */
  readonly owes: boolean;
  voided(texts: readonly string[], versions: readonly number[], unheard: boolean): void;
  warmed(texts: readonly string[], forMs: number): void;
  prewarm(texts: readonly string[], forMs: number): Promise<void>;
  trustLost(): void;
  stop(): void;
}

const FLOORS_MAX = 100_000;

/** Room for nothing: what is switched off keeps no entry. */
const NO_ROOM = 1;

/** Puts a region together. Read it as a list of who knows whom. */
export function assembleRegion<K extends CacheKey, V>(given: RegionOptions<K, V>, context: CacheContext) {
  const { clock, chance, tier, bus, trust, techniques, timing } = context;
  const options = { ...defaultLimits, ...given };
  const { ttlMs, lastKnownMs } = options;
  const counters = new RegionCounters();
  const lifetime = new Lifetime(options, techniques, timing.distrustTtlMs, tier !== undefined, chance);
  const local = new LocalTier<K, V>(budget(options, techniques));
  const floors = new VersionFloors<K>(2 * lifetime.maxMs, FLOORS_MAX);
  const shelf = new LocalShelf(local, floors, lifetime, trust, { counters, token: context.token });
  const shared =
    tier &&
    new SharedSide(tier, options, shelf, counters, { clock, chance, techniques, leaseMs: timing.leaseMs, trust });
  const fetchHot = (key: K): Promise<unknown> | undefined => region.fetchAhead(key);
  const heat = techniques.detection ? new HeatSide(options, local, fetchHot, context) : undefined;
  const copies =
    tier && techniques.copies ? new Copies<K>(tier, (key) => heat?.copiesOf(key) ?? 0, clock, chance) : undefined;
  const stage = copies && shared && new CopyStage(copies, shared, shelf, counters, clock);
  const source = new Source(options, timing.loadTimeoutMs, counters, clock);
  const fetcher = new Fetcher(shelf, { shared, copies: stage }, source, counters, {
    clock,
    chance,
    timing,
    limits: options,
  });
  shelf.onVoid = (key, version) => copies?.turn(key, version);
  const bound = { timing, localMaxMs: lifetime.maxMs, shared: tier !== undefined, bus: bus !== undefined };
  const boundMs = stalenessBoundMs(bound);
  const invalidator = new Invalidator(options, shelf, counters, { tier, bus, clock, stalenessBoundMs: boundMs });
  const pin = (keys: readonly K[], forMs: number): void => heat?.pin(keys, forMs);
  const prewarmer = techniques.prewarm ? new Prewarmer<K>(options, pin, counters, bus) : undefined;
  const region = new Region<K, V>({
    shelf,
    fetcher,
    invalidator,
    prewarmer,
    heat,
    primer: new Primer(shelf, shared, counters, { clock, ttlMs }),
    limits: techniques.keyLimit ? new KeyLimits<K>(options.flightsPerSecond, options.flightsBurst) : undefined,
    counters,
    clock,
    singleFlight: techniques.singleFlight,
    lastKnownMs,
  });
  const member: RegionMember = {
    counters,
    heat,
    local,
    stalenessBoundMs: boundMs,
    get owes() {
      return invalidator.pending.owes;
    },
    voided: (texts, versions, unheard) => invalidator.heard(texts, versions, unheard),
    warmed: (texts, forMs) => prewarmer?.heard(texts, forMs),
    prewarm: (texts, forMs) => region.prewarm(texts.map(options.keys.read), forMs),
    trustLost() {
      shelf.voidFlights();
      copies?.forgetAll();
    },
    stop: () => invalidator.pending.stop(),
  };
  return { region, member };
}

function budget(limits: RegionLimits, techniques: Techniques): LocalBudget {
  const { bytesMax, hotBytesMax, negativeBytesMax } = limits;
  if (!techniques.localTier) return { bytesMax: NO_ROOM, hotBytesMax: NO_ROOM, negativeBytesMax: NO_ROOM };
  return { bytesMax, hotBytesMax, negativeBytesMax: techniques.negatives ? negativeBytesMax : NO_ROOM };
}
