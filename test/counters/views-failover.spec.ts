import { ViewCounts, ViewFlusher } from '#counters';
import { LmdbEnvironment, LmdbViewStore } from '#engine-lmdb';
import { connectRedis, type RedisClient, RedisViewBuffer } from '#engine-redis';
import type { PostId } from '#ids';
import { systemClock } from '#kernel';
import { type RedisCluster, startRedisCluster } from '#local-stack';
import { tempDir, until } from '#test';

const BUCKETS = 16;
const POSTS = Array.from({ length: 50 }, (_, i) => BigInt(i + 1) as PostId);

const [clusterDir, storeDir] = [tempDir(), tempDir()];
const env = LmdbEnvironment.open(storeDir.path);
const store = new LmdbViewStore(env);
let cluster: RedisCluster;
let redis: RedisClient;
let buffer: RedisViewBuffer;

beforeAll(async () => {
  const quiet = { env: process.env, say: (): void => undefined };
  cluster = await startRedisCluster({ ...quiet, dir: clusterDir.path, nodeTimeoutMs: 1_000 });
  redis = connectRedis({ urls: cluster.url.split(','), name: 'test', onError: () => undefined, patient: true });
  buffer = new RedisViewBuffer(redis, systemClock);
}, 60_000);
afterAll(async () => {
  redis.disconnect();
  await cluster.stop();
  await env.close();
  clusterDir.remove();
  storeDir.remove();
}, 30_000);

/** A round over all buckets, as soon as all nodes answer. */
const flush = () =>
  until(() =>
    new ViewFlusher({ buffer, store, clock: systemClock }).flush().then(
      () => true,
      () => false,
    ),
  );

describe('views on a Redis Cluster', () => {
  it('are folded in once, although a master dies while they are set aside', async () => {
    await buffer.growTo(BUCKETS);
    const addToAll = async () => {
      for (let bucket = 0; bucket < BUCKETS; bucket++)
        await buffer.add(
          bucket,
          POSTS.map((postId) => ({ postId, views: 1 })),
        );
    };
    await addToAll();
    await flush(); // sets the buckets aside
    await addToAll();
    await cluster.untilHealthy(); // in sync
    await cluster.nodes[0]!.server.kill();
    await cluster.untilHealthy();
    await flush(); // folds in what was set aside, and sets the rest aside
    await flush();
    await expect(store.totals(POSTS)).resolves.toEqual(POSTS.map(() => 2 * BUCKETS));
    await flush();
    await expect(new ViewCounts(store, buffer).totals(POSTS)).resolves.toEqual(POSTS.map(() => 2 * BUCKETS));
  }, 120_000);
});
