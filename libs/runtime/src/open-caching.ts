import type { CountedSets, MemberIndex, ViewBuffer } from '#counters';
import { type Caches, openCaches } from './caches.ts';
import { CountedHeat } from './counted-heat.ts';
import { openCache } from './open-cache.ts';
import type { Opening } from './opening.ts';
import type { OpenedStores } from './open-stores.ts';
import type { RedisConnections } from './redis-connections.ts';
import { watchCache } from './watch/watch-cache.ts';

export interface Caching {
  readonly caches: Caches;
  /** Resolves when what is hot elsewhere is in this process. */
  readonly warm: Promise<void> | undefined;
}

export interface CachingSources extends Omit<OpenedStores, 'stores'> {
  readonly redis: RedisConnections;
  readonly sets: CountedSets;
  readonly memberIndex: MemberIndex;
  readonly viewBuffer: ViewBuffer;
}

/** Makes the cache with all its regions and starts it. */
export async function openCaching(sources: CachingSources, opening: Opening): Promise<Caching> {
  const { redis, sets, memberIndex, viewBuffer, bareStores, loadGuard } = sources;
  const { config, topology, instance, clock, chance, logger, metrics, closers } = opening;
  const { without } = config.cache;
  const cacheRedis = topology.shared ? redis.cache : undefined;
  const cache = await openCache({ instance, redis: cacheRedis, without }, closers, clock, chance);
  const terms = { guard: loadGuard, lastKnown: !without.includes('lastKnown') };
  const caches = openCaches(cache, { stores: bareStores, sets, memberIndex, viewBuffer, clock }, terms);
  await cache.start();
  const warm = without.includes('warmStart') ? undefined : cache.warmUp();
  closers.add(new CountedHeat(cache, sets, clock, logger), (running) => running.stop()).start();
  watchCache(cache, metrics);
  return { caches, warm };
}
