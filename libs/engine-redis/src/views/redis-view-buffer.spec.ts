import type { PostId } from '#ids';
import { systemClock } from '#kernel';
import type { ViewGain } from '#storage';
import { startTestRedis, type TestRedis } from '#test';
import { slotOf } from '../cache/node-tags.ts';
import { connectRedis, type RedisClient } from '../connection/connect-redis.ts';
import { RedisViewBuffer } from './redis-view-buffer.ts';
import { viewBucketKeys } from './view-bucket-keys.ts';

let server: TestRedis;
let redis: RedisClient;
let buffer: RedisViewBuffer;

beforeAll(async () => {
  server = await startTestRedis();
  redis = connectRedis({ urls: [server.url], name: 'test', onError: () => undefined, patient: true });
  buffer = new RedisViewBuffer(redis, systemClock);
});
beforeEach(() => redis.flushall());
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const post = (id: number) => BigInt(id) as PostId;
const gain = (id: number, views: number): ViewGain => ({ postId: post(id), views });
const taken = async (bucket: number) => {
  const part = await buffer.listTaken(bucket, undefined);
  return part && { ...part, gains: part.gains.map(({ postId, views }) => [Number(postId), views]) };
};

describe('RedisViewBuffer', () => {
  it('sets a bucket aside in one piece, once, until it is finished', async () => {
    await buffer.add(0, [gain(1, 2), gain(2, 70_000)]);
    await buffer.add(0, [gain(1, 3)]);
    await buffer.take(0);
    await buffer.add(0, [gain(1, 10)]);
    await buffer.take(0);
    const first = await taken(0);
    expect(first?.gains.sort()).toEqual([
      [1, 5],
      [2, 70_000],
    ]);
    await expect(buffer.listTaken(0, undefined, 60_000)).resolves.toBeUndefined();
    await expect(buffer.waiting([post(1), post(9), post(2)])).resolves.toEqual([15, 0, 70_000]);
    await buffer.finish(0, first!.flushId - 1n);
    await expect(taken(0)).resolves.toBeDefined();
    await buffer.finish(0, first!.flushId);
    await expect(taken(0)).resolves.toBeUndefined();
    await buffer.take(0);
    const second = await taken(0);
    expect(second?.gains).toEqual([[1, 10]]);
    expect(second!.flushId).toBeGreaterThan(first!.flushId);
    await buffer.finish(0, first!.flushId);
    await expect(taken(0)).resolves.toBeDefined();
  });

  it('lists a large flush in parts, and does not go on with another', async () => {
    const gains = Array.from({ length: 5000 }, (_, i) => gain(i + 1, 1));
    await buffer.add(1, gains);
    await buffer.take(1);
    const seen = new Set<PostId>();
    const parts = [(await buffer.listTaken(1, undefined))!];
    while (parts.at(-1)!.next !== undefined) parts.push((await buffer.listTaken(1, parts.at(-1)!.next))!);
    for (const { postId } of parts.flatMap((part) => part.gains)) seen.add(postId);
    expect(seen.size).toBe(5000);
    expect(parts.length).toBeGreaterThan(2);
    await buffer.finish(1, parts[0]!.flushId);
    await buffer.add(1, gains);
    await buffer.take(1);
    await expect(buffer.listTaken(1, parts[0]!.next)).resolves.toBeUndefined();
  });

  it('has buckets in different slots, evenly apart however many there are', async () => {
    await expect(buffer.buckets()).resolves.toBe(4);
    await buffer.growTo(16);
    await buffer.growTo(8);
    await expect(buffer.buckets()).resolves.toBe(16);
    await buffer.growTo(1000);
    await expect(buffer.buckets()).resolves.toBe(64);
    for (const buckets of [4, 16, 64]) {
      const slots = viewBucketKeys.slice(0, buckets).map(({ bucket }) => slotOf(/{(.*)}/.exec(bucket)![1]!));
      const stretches = slots.map((slot) => Math.floor((slot / 16_384) * buckets));
      expect(new Set(stretches).size).toBe(buckets);
    }
  });

  it('finds what waits in buckets that were added since it looked last', async () => {
    await buffer.waiting([post(1)]);
    await new RedisViewBuffer(redis, systemClock).growTo(16);
    for (const bucket of [0, 3, 4, 15]) await buffer.add(bucket, [gain(1, 10 + bucket)]);
    for (let again = 0; again < 2; again++) await expect(buffer.waiting([post(1)])).resolves.toEqual([62]);
  });

  it('says that it is away', async () => {
    const lost = connectRedis({ urls: ['redis://127.0.0.1:1'], name: 'test', onError: () => undefined });
    await expect(new RedisViewBuffer(lost, systemClock).buckets()).rejects.toMatchObject({ code: 'unavailable' });
    lost.disconnect();
  });
});
