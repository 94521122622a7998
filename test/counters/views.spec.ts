import { ViewCounts, ViewFlusher, ViewRecorder } from '#counters';
import { LmdbEnvironment, LmdbViewStore } from '#engine-lmdb';
import { connectRedis, type RedisClient, RedisViewBuffer } from '#engine-redis';
import type { PostId } from '#ids';
import { systemClock } from '#kernel';
import { ManualClock, seededChance, startTestRedis, tempDir, type TestRedis } from '#test';

const dir = tempDir();
const env = LmdbEnvironment.open(dir.path);
const store = new LmdbViewStore(env);
let server: TestRedis;
let redis: RedisClient;
let buffer: RedisViewBuffer;

beforeAll(async () => {
  server = await startTestRedis();
  redis = connectRedis({ urls: [server.url], name: 'test', onError: () => undefined, patient: true });
  buffer = new RedisViewBuffer(redis, systemClock);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
  await env.close();
  dir.remove();
});

let last = 0n;
const newPost = () => ++last as PostId;

describe('views', () => {
  it('come from many processes through the buffer into the store, each once', async () => {
    const clock = new ManualClock();
    const all = Array.from({ length: 10 }, newPost);
    const recorders = [1, 2, 3].map((seed) => new ViewRecorder({ buffer, clock, chance: seededChance(seed) }));
    const flushers = [1, 2].map(() => new ViewFlusher({ buffer, store, clock }));
    const counts = new ViewCounts(store, buffer);
    for (let round = 1; round <= 5; round++) {
      for (const recorder of recorders) for (let i = 0; i < 100; i++) recorder.record(all[i % 10]!);
      await Promise.all(recorders.map((recorder) => recorder.flush()));
      await expect(counts.totals([all[0]!])).resolves.toEqual([round * 30]);
      await Promise.all(flushers.map((flusher) => flusher.flush()));
    }
    for (let i = 0; i < 2; i++) await flushers[0]!.flush();
    await expect(store.totals(all)).resolves.toEqual(all.map(() => 150));
    await expect(buffer.waiting(all)).resolves.toEqual(all.map(() => 0));
    expect(recorders.map(({ lost }) => lost)).toEqual([0, 0, 0]);
  });

  it('are not counted twice by a flusher that dies at any step', async () => {
    const clock = new ManualClock();
    for (let dies = 0; dies < 30; dies++) {
      const [a, b] = [newPost(), newPost()];
      let steps = 0;
      const mortal = new Proxy(buffer, {
        get(target, name) {
          const method: unknown = Reflect.get(target, name);
          if (typeof method !== 'function') return method;
          return (...args: unknown[]): unknown => {
            if (++steps > dies) throw new Error('died');
            return Reflect.apply(method, target, args);
          };
        },
      });
      await buffer.add(2, [
        { postId: a, views: 5 },
        { postId: b, views: 1 },
      ]);
      const dying = new ViewFlusher({ buffer: mortal, store, clock });
      await dying
        .flush()
        .then(() => dying.flush())
        .catch(() => undefined);
      const heir = new ViewFlusher({ buffer, store, clock });
      for (let i = 0; i < 3; i++) await heir.flush();
      await expect(store.totals([a, b])).resolves.toEqual([5, 1]);
    }
  });
});
