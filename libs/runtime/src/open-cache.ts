import type { Technique } from '#config';
import {
  isCluster,
  NodeTags,
  type RedisClient,
  RedisInvalidationBus,
  RedisSharedTier,
  ReplicaReads,
} from '#engine-redis';
import { allTechniques, HotCache, type HotCacheOptions, type Techniques } from '#hot-cache';
import type { Chance, Clock } from '#kernel';
import type { Closers } from './closers.ts';

export interface CacheSettings {
  /** This process's name among all on the bus. */
  readonly instance: string;
  /** The cache's Redis, where processes share it. */
  readonly redis: RedisClient | undefined;
  readonly without: readonly Technique[];
}

/** A list of a hundred people, none of them known yet, from a cluster that has other things to do. */
const LOAD_TIMEOUT_SHARED_MS = 2_000;

/** Makes the cache; regions come next, then its start. */
export async function openCache(
  { instance, redis, without }: CacheSettings,
  closers: Closers,
  clock: Clock,
  chance: Chance,
): Promise<HotCache> {
  const names = Object.keys(allTechniques) as (keyof Techniques)[];
  const techniques = Object.fromEntries(names.map((name) => [name, !without.includes(name)])) as unknown as Techniques;
  const shared =
    redis && (await sharedSide(redis, closers, { replicaReads: !without.includes('replicaReads'), clock, chance }));
  const cache = new HotCache({ clock, chance, origin: instance, techniques, ...shared });
  return closers.add(cache, (running) => running.stop());
}

interface SharedSettings {
  readonly replicaReads: boolean;
  readonly clock: Clock;
  readonly chance: Chance;
}

/** What the processes of a cluster share of their caches; on a Redis Cluster all nodes carry hot keys. */
async function sharedSide(
  redis: RedisClient,
  closers: Closers,
  { replicaReads, clock, chance }: SharedSettings,
): Promise<Pick<HotCacheOptions, 'tier' | 'bus' | 'timing'>> {
  const bus = new RedisInvalidationBus(redis, 'gs:invalidations');
  const timing = { loadTimeoutMs: LOAD_TIMEOUT_SHARED_MS };
  if (!isCluster(redis)) return { tier: new RedisSharedTier(redis, { prefix: 'gs:' }), bus, timing };
  const tags = closers.add(new NodeTags(redis), (watching) => watching.close());
  await tags.refresh();
  if (replicaReads) new ReplicaReads(redis, clock, chance);
  return { tier: new RedisSharedTier(redis, { prefix: 'gs:', tags }), bus, timing };
}
