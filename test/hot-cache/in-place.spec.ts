import { CountedSets, MemberIndex } from '#counters';
import { openLmdbStores } from '#engine-lmdb';
import { connectRedis, type RedisClient, RedisInvalidationBus, RedisSharedTier, RedisViewBuffer } from '#engine-redis';
import { HotCache, type Techniques } from '#hot-cache';
import type { PostId, UserId } from '#ids';
import { systemClock } from '#kernel';
import { type Caches, openCaches } from '#runtime';
import type { Post, Stores } from '#storage';
import { startTestRedis, tempDir, type TestRedis, until } from '#test';

const INSTANCES = 3;
const AUTHOR = 77n as UserId;
/** That of the region of heads. */
const LOCAL_TTL_MS = 1_000;

const dir = tempDir();
const clients: RedisClient[] = [];
let server: TestRedis;
let observer: RedisClient;
let stores: Stores;

beforeAll(async () => {
  server = await startTestRedis();
  observer = await connect('observer');
  stores = openLmdbStores(dir.path, systemClock);
  for (let n = 1n; n <= 20n; n++) await stores.posts.create(post(n), { id: n, kind: 'created', postId: n as PostId });
});
afterAll(async () => {
  await stores.close();
  for (const client of clients) client.disconnect();
  await server.stop();
  dir.remove();
});

const post = (n: bigint): Post => ({
  id: n as PostId,
  authorId: AUTHOR,
  text: 'viral',
  replyTo: undefined,
  repostOf: undefined,
  delivery: 'pull',
});

async function connect(name: string): Promise<RedisClient> {
  const client = connectRedis({ urls: [server.url], name, onError: () => undefined, patient: true });
  clients.push(client);
  await client.ping();
  return client;
}

/** The caches of one process, as the runtime opens them; the store is shared as a database would be. */
async function openInstance(i: number, techniques: Partial<Techniques>): Promise<Caches> {
  const redis = await connect(`instance-${i}`);
  const sets = new CountedSets({ store: stores.countedSets, clock: systemClock, chance: Math.random });
  const cache = new HotCache({
    clock: systemClock,
    chance: Math.random,
    origin: `instance-${i}`,
    tier: new RedisSharedTier(redis, { prefix: 't:' }),
    bus: new RedisInvalidationBus(redis, 'bus'),
    techniques,
  });
  const memberIndex = new MemberIndex({ sets, store: stores.memberIndex, clock: systemClock });
  const sources = {
    stores,
    sets,
    memberIndex,
    viewBuffer: new RedisViewBuffer(redis, systemClock),
    clock: systemClock,
  };
  const caches = openCaches(cache, sources, { guard: undefined, lastKnown: true });
  await cache.start();
  await until(() => cache.snapshot.bus.whole, Boolean, { deadlineMs: 20_000 });
  return caches;
}

/** Calls of the cache's scripts since Redis was asked to count anew; the bus is not among them. */
async function scriptCalls(): Promise<number> {
  const stats = await observer.info('commandstats');
  return ['eval', 'evalsha'].reduce(
    (sum, name) => sum + Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(stats)?.[1] ?? 0),
    0,
  );
}

interface Seen {
  readonly reads: number;
  readonly calls: number;
  readonly elapsedMs: number;
  readonly loads: number;
}

/** Everybody reads the celebrity's timeline, without a pause, until every instance has renewed it some times. */
async function storm(techniques: Partial<Techniques> = {}, readsMin = 100_000): Promise<Seen> {
  await server.flush();
  const instances = await Promise.all(Array.from({ length: INSTANCES }, (_, i) => openInstance(i, techniques)));
  await observer.config('RESETSTAT');
  const startMs = performance.now();
  let reads = 0;
  const burst = async (): Promise<number> => {
    for (let n = 0; n < 300; n++) {
      const heads = await Promise.all(instances.map(async ({ heads }) => heads.get(AUTHOR)));
      reads += heads.filter((head) => head?.ids.length === 20).length;
    }
    return Math.min(reads / readsMin, (performance.now() - startMs) / (2.5 * LOCAL_TTL_MS));
  };
  await until(burst, (done) => done >= 1, { deadlineMs: 60_000, everyMs: 0 });
  const seen = {
    reads,
    calls: await scriptCalls(),
    elapsedMs: performance.now() - startMs,
    loads: instances.reduce((sum, { heads }) => sum + heads.counters.loads, 0),
  };
  await Promise.all(instances.map(({ cache }) => cache.stop()));
  return seen;
}

describe("a viral author's timeline, read through the caches of three processes", () => {
  it('costs Redis at most one read for each process and life of an entry, and the store one, whatever the rate', async () => {
    const { reads, calls, elapsedMs, loads } = await storm();
    expect(reads).toBeGreaterThanOrEqual(100_000);
    expect(loads).toBe(1);
    const fills = loads;
    expect(calls).toBeLessThanOrEqual(INSTANCES * Math.ceil(elapsedMs / LOCAL_TTL_MS) + fills + INSTANCES);
    expect(calls).toBeLessThan(reads / 1_000);
  }, 90_000);

  it('costs a read of Redis each, if processes keep nothing', async () => {
    const { reads, calls } = await storm({ localTier: false, keyLimit: false }, 500);
    expect(calls).toBeGreaterThanOrEqual(reads);
  }, 90_000);
});
