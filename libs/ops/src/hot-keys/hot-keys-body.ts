import type { HotCache, KeyReport } from '#hot-cache';
import type { ServerReport } from '#runtime';
import type { HotKeysBody } from './hot-keys.schema.ts';

/** So many keys that are not hot are named. */
export const BUSIEST_MAX = 10;

/** What this instance knows of hot keys, in the contract's form. */
export function hotKeysBody(cache: HotCache, servers: ServerReport, nowMs: number): HotKeysBody {
  return {
    asOf: instantOf(nowMs),
    instance: cache.origin,
    stalenessBoundMs: cache.stalenessBoundMs,
    hotFromPerSecond: cache.hotFromPerSecond,
    hotKeys: hotKeysOf(cache),
    busiest: cache.busiestKeys(BUSIEST_MAX).map(keyOf),
    history: cache.hotHistory
      .map(({ region, key, sinceMs, untilMs, peakPerSecond }) => ({
        kind: region,
        key,
        since: instantOf(sinceMs),
        until: instantOf(untilMs),
        peakPerSecond,
      }))
      .sort((a, b) => b.until.localeCompare(a.until)),
    caches: cachesOf(cache),
    redis: servers.redis.map((node) => ({ ...node, hotKeys: [...node.hotKeys] })),
    store: servers.store.map((node) => ({ ...node, tables: [...node.tables] })),
    skew: servers.skew.map((skew) => ({ ...skew, busiest: skew.busiest ?? null, loads: { ...skew.loads } })),
  };
}

function hotKeysOf({ hotKeys }: HotCache): HotKeysBody['hotKeys'] {
  return hotKeys.map((hot) => ({
    ...keyOf(hot),
    hitRatio: { local: hot.localHitRatio, shared: hot.sharedHitRatio },
    latencyMs: hot.latencyMs,
    errors: hot.errors,
    mitigations: [...hot.mitigations],
    since: instantOf(hot.sinceMs),
  }));
}

function keyOf({ region, key, readsPerSecond, share, instances }: KeyReport): HotKeysBody['busiest'][number] {
  return {
    kind: region,
    key,
    readsPerSecond,
    share,
    instances: Object.entries(instances)
      .map(([instance, readsPerSecond]) => ({ instance, readsPerSecond }))
      .sort((a, b) => b.readsPerSecond - a.readsPerSecond),
  };
}

function cachesOf({ snapshot }: HotCache): HotKeysBody['caches'] {
  return Object.entries(snapshot.regions).map(([kind, counters]) => {
    const { localHits, localMisses, sharedHits, staleServed, copyHits, keysLoaded, loads } = counters;
    const { bytes = 0, main = 0, hot = 0, negative = 0 } = snapshot.local[kind] ?? {};
    const shared = sharedHits + staleServed + copyHits;
    return {
      kind,
      reads: localHits + localMisses,
      hitRatio: { local: share(localHits, localMisses), shared: share(shared, keysLoaded) },
      loads,
      entries: main + hot + negative,
      bytes,
    };
  });
}

function share(hits: number, misses: number): number {
  return hits + misses === 0 ? 0 : hits / (hits + misses);
}

function instantOf(ms: number): string {
  return new Date(ms).toISOString();
}
