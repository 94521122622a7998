import type { LocalBudget } from './local/local-tier.ts';
import type { CacheKey, KeyCodec } from './key-codec.ts';
import type { StoreGuard } from './guard/store-guard.ts';
import type { ValueCodec } from './value-codec.ts';

/** What an application says about one kind of thing that it caches. */
export interface RegionOptions<K extends CacheKey, V> extends Partial<RegionLimits> {
  /** Unique in the cache, short: part of every name in the shared tier. */
  readonly name: string;
  readonly keys: KeyCodec<K>;
  readonly codec: ValueCodec<V>;
  /**
   * Reads the source: one answer for each key, in order, undefined where the thing does not exist. What it returns belongs
   * to the cache, which freezes it. It sees every change that was committed before it began.
   */
  readonly load: (keys: readonly K[]) => Promise<readonly (V | undefined)[]>;
  /** Values that live longer than the others do; where this is said, every change of one of them must invalidate it. */
  readonly settled?: SettledValues<V>;
  /** Stands between this region's loads and their store; shared by the regions that read the same store. */
  readonly guard?: StoreGuard;
}

/** Values that have not changed for so long that they probably will not soon, and how long those live. */
export interface SettledValues<V> extends Pick<RegionLimits, 'ttlMs' | 'localTtlMs'> {
  /** Asked when a value comes into a tier; a value may settle while it is in one. */
  readonly has: (value: V) => boolean;
}

export type ValueLimits<V> = RegionLimits & Pick<RegionOptions<never, V>, 'settled'>;

/** How long a value is fresh in the tier that is named, settled or not. */
export function ttlOf<V>(value: V | undefined, tier: 'ttlMs' | 'localTtlMs', options: ValueLimits<V>): number {
  const { settled } = options;
  return value !== undefined && settled?.has(value) ? settled[tier] : options[tier];
}

/** Durations in milliseconds, sizes in bytes of L1, rates per second, process and key. */
export interface RegionLimits extends LocalBudget {
  /** How long a loaded value is fresh. */
  readonly ttlMs: number;
  /** How long after that it may still be served while it is loaded anew. */
  readonly graceMs: number;
  /** How long the absence of a thing is remembered. */
  readonly negativeTtlMs: number;
  /** How long a value of the shared tier is served from L1 without looking again; drawn up to a fifth longer. */
  readonly localTtlMs: number;
  /** How long after that L1 still serves it while it looks again. */
  readonly localGraceMs: number;
  /** How long after its time a value may stand in for one that can't be had because the source fails; 0: not at all. */
  readonly lastKnownMs: number;
  /** XFetch's beta: how far apart the processes begin to refresh early, in loads; see `earlyRefreshAtMs`. */
  readonly earliness: number;
  /** How many flights a key may start in a second, and at once after a pause; beyond it readers get stale values or 429. */
  readonly flightsPerSecond: number;
  readonly flightsBurst: number;
}

export const defaultLimits: RegionLimits = {
  ttlMs: 60_000,
  graceMs: 30_000,
  negativeTtlMs: 2_000,
  localTtlMs: 1_000,
  localGraceMs: 200,
  lastKnownMs: 60_000,
  earliness: 0.5,
  flightsPerSecond: 200,
  flightsBurst: 400,
  bytesMax: 32 << 20,
  hotBytesMax: 8 << 20,
  negativeBytesMax: 2 << 20,
};
