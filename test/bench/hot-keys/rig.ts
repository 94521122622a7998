import { setTimeout as delay } from 'node:timers/promises';
import {
  connectRedis,
  isCluster,
  NodeTags,
  type RedisClient,
  RedisInvalidationBus,
  RedisSharedTier,
  ReplicaReads,
} from '#engine-redis';
import { HotCache, type HotCacheOptions, jsonCodec, type Region, type RegionOptions, textKeys } from '#hot-cache';
import { systemClock } from '#kernel';
import { until } from '#test';

export interface Value {
  readonly n: number;
}

export interface RigOptions extends Pick<HotCacheOptions, 'techniques' | 'timing' | 'heat'> {
  /** One: a single Redis; several: a cluster. */
  readonly urls: readonly string[];
  readonly instances: number;
  readonly region?: Partial<RegionOptions<string, Value>>;
  /** What one load takes. */
  readonly loadMs?: number;
  readonly replicaReads?: boolean;
}

let rigs = 0;

/** Several instances of the cache in this process, each with connections of its own, over one store that counts its loads. */
export class Rig {
  readonly caches: HotCache[] = [];
  readonly regions: Region<string, Value>[] = [];
  readonly clients: RedisClient[] = [];
  readonly store = new Map<string, number>();
  loads = 0;
  errors = 0;

  static async open(options: RigOptions): Promise<Rig> {
    const rig = new Rig();
    rigs++;
    await Promise.all(Array.from({ length: options.instances }, (_, i) => rig.#openInstance(i, options)));
    await until(() => rig.caches.every((cache) => cache.snapshot.bus.whole), Boolean, { deadlineMs: 20_000 });
    return rig;
  }

  /** Whoever reads, in turn. */
  region(i: number): Region<string, Value> {
    const region = this.regions[i % this.regions.length];
    if (region === undefined) throw new RangeError('no instances');
    return region;
  }

  /** Each of the instances gets so many readers at once. */
  async crowd(key: string, readers: number): Promise<void> {
    const all = this.regions.flatMap((region) => Array.from({ length: readers }, async () => region.get(key)));
    await Promise.all(all);
  }

  async loadsOf(work: () => Promise<unknown>): Promise<number> {
    const before = this.loads;
    await work();
    await delay(100);
    return this.loads - before;
  }

  async close(): Promise<void> {
    await Promise.all(this.caches.map((cache) => cache.stop()));
    for (const client of this.clients) client.disconnect();
  }

  async #openInstance(i: number, options: RigOptions): Promise<void> {
    const { urls, loadMs = 50, region, replicaReads = true, ...cacheOptions } = options;
    const client = connectRedis({ urls, name: `bench-${i}`, onError: () => undefined });
    this.clients.push(client);
    await until(() => client.status === 'ready');
    const tags = isCluster(client) ? new NodeTags(client) : undefined;
    await tags?.refresh();
    if (isCluster(client) && replicaReads) new ReplicaReads(client, systemClock, Math.random);
    const cache = new HotCache({
      clock: systemClock,
      chance: Math.random,
      tier: new RedisSharedTier(client, { prefix: `b${rigs}:`, ...(tags && { tags }) }),
      bus: new RedisInvalidationBus(client, `bus${rigs}`),
      origin: `instance-${i}`,
      ...cacheOptions,
    });
    const load = async (keys: readonly string[]): Promise<Value[]> => {
      this.loads++;
      const values = keys.map((key) => ({ n: this.store.get(key) ?? 0 }));
      await delay(loadMs);
      return values;
    };
    const things = { name: 'things', keys: textKeys, codec: jsonCodec<Value>(), load, ...region };
    this.caches.push(cache);
    this.regions.push(cache.region(things));
    await cache.start();
  }
}
