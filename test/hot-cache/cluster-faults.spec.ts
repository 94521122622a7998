import { Cluster } from 'ioredis';
import type { Technique } from '#config';
import {
  connectRedis,
  isCluster,
  NodeSignals,
  NodeTags,
  type RedisClient,
  RedisInvalidationBus,
  RedisSharedTier,
  ReplicaReads,
} from '#engine-redis';
import { HotCache, jsonCodec, loadSkew, textKeys } from '#hot-cache';
import { systemClock } from '#kernel';
import { type RedisCluster, startRedisCluster } from '#local-stack';
import { Closers, openCache } from '#runtime';
import { tempDir, until } from '#test';
import type { Things } from './cache-world.ts';

const INSTANCES = 2;
const KEYS = Array.from({ length: 20 }, (_, i) => `key-${i}`);

let cluster: RedisCluster;
const dir = tempDir();
const clients: RedisClient[] = [];
const caches: HotCache[] = [];
const regions: Things[] = [];
const store = new Map<string, number>(KEYS.map((key) => [key, 0]));

beforeAll(async () => {
  const quiet = { env: process.env, say: (): void => undefined };
  cluster = await startRedisCluster({ ...quiet, dir: dir.path, nodeTimeoutMs: 1_000 });
  for (let i = 0; i < INSTANCES; i++) await openInstance(i);
}, 60_000);

afterAll(async () => {
  await Promise.all(caches.map((cache) => cache.stop()));
  for (const client of clients) client.disconnect();
  await cluster.stop();
  dir.remove();
}, 30_000);

async function connect(name: string): Promise<Cluster> {
  const client = connectRedis({ urls: cluster.url.split(','), name, onError: () => undefined });
  clients.push(client);
  await until(() => client.status === 'ready');
  if (!isCluster(client)) throw new Error('not a cluster');
  return client;
}

async function openInstance(i: number): Promise<void> {
  const client = await connect(`test-${i}`);
  const tags = new NodeTags(client);
  await tags.refresh();
  new ReplicaReads(client, systemClock, Math.random);
  const cache = new HotCache({
    clock: systemClock,
    chance: Math.random,
    tier: new RedisSharedTier(client, { prefix: 't:', tags }),
    bus: new RedisInvalidationBus(client, 'bus'),
    origin: `instance-${i}`,
    heat: { promotePerSecond: 20, demotePerSecond: 10, readsPerCopy: 5 },
  });
  const region = cache.region({
    name: 'things',
    keys: textKeys,
    codec: jsonCodec<{ text: string }>(),
    load: (keys) => Promise.resolve(keys.map((key) => ({ text: String(store.get(key)) }))),
    localTtlMs: 100, // so that the shared tier has something to do
  });
  caches.push(cache);
  regions.push(region);
  await cache.start();
}

interface Seen {
  reads: number;
  errors: unknown[];
  greatestMs: number;
}

interface Reading {
  readonly seen: Seen;
  stop(): Promise<Seen>;
}

/** Reads all keys on all instances, every five milliseconds, until told to stop. */
function readAlways(): Reading {
  const seen: Seen = { reads: 0, errors: [], greatestMs: 0 };
  const pending = new Set<Promise<void>>();
  const one = async (region: Things, key: string): Promise<void> => {
    const startMs = performance.now();
    try {
      await region.get(key);
      seen.reads++;
    } catch (error) {
      seen.errors.push(error);
    }
    seen.greatestMs = Math.max(seen.greatestMs, performance.now() - startMs);
  };
  const timer = setInterval(() => {
    if (pending.size > 0) return; // one round after the other
    for (const region of regions) for (const key of KEYS) pending.add(one(region, key));
    for (const read of pending) void read.finally(() => pending.delete(read));
  }, 5);
  return {
    seen,
    async stop() {
      clearInterval(timer);
      await Promise.all(pending);
      return seen;
    },
  };
}

/** How many reads of a hot key replicas have answered to a cache as the runtime opens it. */
async function readsOfReplicas(name: string, without: readonly Technique[]): Promise<number> {
  const [client, closers] = [await connect(name), new Closers()];
  const settings = { instance: name, redis: client, without: [...without, 'localTier', 'keyLimit'] as const };
  const cache = await openCache(settings, closers, systemClock, Math.random);
  const load = (keys: readonly string[]) => Promise.resolve(keys.map(() => ({ text: 'hot' })));
  const region = cache.region({ name, keys: textKeys, codec: jsonCodec<{ text: string }>(), load });
  await cache.start();
  const before = await scriptCalls(client);
  const crowd = async (): Promise<number> => {
    await Promise.all(Array.from({ length: 100 }, async () => region.get('key')));
    return region.counters.copyHits;
  };
  await until(crowd, (copyHits) => copyHits > 300, { everyMs: 0, deadlineMs: 20_000 });
  const calls = (await scriptCalls(client)) - before;
  await closers.close();
  return calls;
}

/** Of all replicas since they started. */
async function scriptCalls(client: Cluster): Promise<number> {
  const stats = await Promise.all(client.nodes('slave').map((replica) => replica.info('commandstats')));
  const calls = stats.flatMap((text) => [...text.matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g)]);
  return calls.reduce((sum, [, n]) => sum + Number(n), 0);
}

const sum = (name: 'copyHits' | 'copiesWritten') => regions.reduce((n, { counters }) => n + counters[name], 0);
const whole = () => until(() => caches.every((cache) => cache.snapshot.bus.whole), Boolean, { deadlineMs: 20_000 });

/** Everybody sees the change, within the bound and some time for the machine. */
async function seenByAll(key: string): Promise<number> {
  const n = (store.get(key) ?? 0) + 1;
  store.set(key, n);
  await until(() => regions[0]!.invalidate([key]), Boolean, { deadlineMs: 20_000 });
  const startMs = performance.now();
  const read = () => Promise.all(regions.map(async (region) => (await region.get(key))?.text));
  await until(read, (texts) => texts.every((text) => text === String(n)), { deadlineMs: 20_000 });
  return performance.now() - startMs;
}

describe('on a Redis Cluster', () => {
  it('keeps copies of hot keys on every master and reads them from all nodes', async () => {
    await whole();
    const reading = readAlways();
    await until(() => sum('copyHits') > 500, Boolean, { deadlineMs: 20_000 });
    const signals = new NodeSignals(clients[0]!, systemClock);
    await signals.sample();
    await until(() => sum('copyHits') > 1_500, Boolean, { deadlineMs: 20_000 });
    const nodes = await signals.sample();
    const { errors } = await reading.stop();
    expect(errors).toEqual([]);
    expect(nodes).toHaveLength(6);
    const rates = Object.fromEntries(nodes.map(({ node, commandsPerSecond }) => [node, commandsPerSecond]));
    expect(loadSkew(rates).alert).toBe(false);
    expect(sum('copiesWritten')).toBeGreaterThanOrEqual(3);
    expect(caches[0]!.hotKeys[0]!.mitigations).toContain('copies-3');
  }, 60_000);

  it('lets replicas answer for hot keys where the runtime opens it, unless that is switched off', async () => {
    expect(await readsOfReplicas('with', [])).toBeGreaterThan(30);
    expect(await readsOfReplicas('without', ['replicaReads'])).toBe(0);
  }, 60_000);

  it('sees an invalidation everywhere, also of a key with copies', async () => {
    for (const key of KEYS) await seenByAll(key);
  }, 60_000);

  it('has no error when a replica is killed, and none when a master is killed and replaced', async () => {
    const reading = readAlways();
    await cluster.nodes[3]!.server.kill();
    const readsBefore = reading.seen.reads;
    await until(() => reading.seen.reads > readsBefore + 2_000, Boolean, { deadlineMs: 20_000 });
    await cluster.nodes[3]!.server.restart();
    await cluster.untilHealthy();
    await cluster.nodes[0]!.server.kill();
    await cluster.untilHealthy();
    const { reads, errors, greatestMs } = await reading.stop();
    expect(errors).toEqual([]);
    expect(reads).toBeGreaterThan(1_000);
    expect(greatestMs).toBeLessThan(2_500);
    await cluster.nodes[0]!.server.restart();
    await cluster.untilHealthy();
    await seenByAll('key-1');
  }, 120_000);

  it('has no error while all of Redis stands still, or is gone, and no key wedged afterwards', async () => {
    const reading = readAlways();
    for (const { server } of cluster.nodes) server.pause();
    await until(() => caches.every((cache) => cache.snapshot.tier.state !== 'closed'), Boolean, { deadlineMs: 5_000 });
    await until(() => caches.every((cache) => !cache.snapshot.bus.whole), Boolean, { deadlineMs: 10_000 });
    for (const { server } of cluster.nodes) server.resume();
    await cluster.untilHealthy();
    await whole();
    const { errors, greatestMs } = await reading.stop();
    expect(errors).toEqual([]);
    expect(greatestMs).toBeLessThan(2_500);
    for (const key of KEYS) await seenByAll(key);
  }, 120_000);
});

it('uses the real thing', () => expect(clients.every((client) => client instanceof Cluster)).toBe(true));
