import { ABOVE_ALL_IDS, type PostId, type UserId } from '#ids';
import { HEADER_BYTES, inboxSize, packEntries } from '#inbox';
import { systemClock } from '#kernel';
import { startTestRedis, type TestRedis } from '#test';
import { connectRedis, type RedisClient } from '../connection/connect-redis.ts';
import { idBytes, InboxKeys } from './inbox-keys.ts';
import { RedisInboxStore } from './redis-inbox-store.ts';

const AUTHOR = 7n as UserId;
const entry = (id: bigint) => ({ postId: id as PostId, authorId: AUTHOR });
const keys = new InboxKeys(false);
const inboxKey = (viewer: UserId) => keys.inbox(idBytes(viewer));
const olderKey = (viewer: UserId) => keys.older(idBytes(viewer));

describe('what lies in the place of an inbox and is none', () => {
  let server: TestRedis;
  let redis: RedisClient;
  let inboxes: RedisInboxStore;
  let dropped = 0;
  let lastUser = 100n;
  beforeAll(async () => {
    server = await startTestRedis();
    redis = connectRedis({ urls: [server.url], name: 'test', onError: () => undefined, patient: true });
    const onDropped = (count: number): void => void (dropped += count);
    inboxes = new RedisInboxStore(redis, { size: inboxSize(20), idleMs: 60_000, onDropped }, systemClock);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });
  beforeEach(() => (dropped = 0));

  async function built(): Promise<UserId> {
    const viewer = ++lastUser as UserId;
    await inboxes.open(viewer, 1n);
    await inboxes.merge(viewer, { entries: [entry(1n), entry(5n)], floor: 0n, covered: 5n, coveredAtMs: 1_000 });
    return viewer;
  }
  const read = (viewer: UserId) => inboxes.read(viewer, { before: ABOVE_ALL_IDS, limit: 10 });

  const wrongs: [what: string, spoil: (viewer: UserId) => Promise<unknown>][] = [
    ['a list', async (viewer) => (await redis.del(inboxKey(viewer)), redis.lpush(inboxKey(viewer), 'x'))],
    ['cut off in an entry', (viewer) => redis.set(inboxKey(viewer), Buffer.alloc(HEADER_BYTES + 21, 1))],
    ['cut off in the header', (viewer) => redis.set(inboxKey(viewer), Buffer.alloc(HEADER_BYTES - 16, 1))],
    ['cut off in the first bytes', (viewer) => redis.set(inboxKey(viewer), Buffer.alloc(10, 1))],
    ['too long by a byte', (viewer) => redis.append(inboxKey(viewer), 'x')],
  ];

  it.each(wrongs)('%s: is dropped by a delivery, which serves the others', async (_what, spoil) => {
    const [wrong, right] = [await built(), await built()];
    await spoil(wrong);
    const viewers = Buffer.concat([idBytes(wrong), idBytes(right)]);
    await expect(inboxes.deliver(entry(9n), viewers)).resolves.toBe(1);
    expect(dropped).toBe(1);
    await expect(read(wrong)).resolves.toBeUndefined();
    expect((await read(right))!.entries.map(({ postId }) => postId)).toEqual([9n, 5n, 1n]);
  });

  it.each(wrongs)('%s: is dropped by its reader, and can be built anew', async (_what, spoil) => {
    const viewer = await built();
    await spoil(viewer);
    await expect(read(viewer)).resolves.toBeUndefined();
    expect([dropped, await redis.exists(inboxKey(viewer))]).toEqual([1, 0]);
    await inboxes.open(viewer, 2n);
    await inboxes.merge(viewer, { entries: [entry(3n)], floor: 0n, covered: 5n, coveredAtMs: 1_000 });
    expect((await read(viewer))!.entries).toEqual([entry(3n)]);
  });

  it.each(wrongs)('%s: holds up no withdrawal, and no change of relations', async (_what, spoil) => {
    const [wrong, right] = [await built(), await built()];
    await spoil(wrong);
    await inboxes.withdraw(entry(5n), Buffer.concat([idBytes(wrong), idBytes(right)]));
    await inboxes.touch(wrong, 9n);
    expect((await read(right))!.entries).toEqual([entry(1n)]);
    await expect(read(wrong)).resolves.toBeUndefined();
  });

  it('is taken for no older segment, either', async () => {
    const viewer = await built();
    await inboxes.merge(viewer, { entries: [], floor: 3n, covered: 5n, coveredAtMs: 1_000 });
    const stretch = { low: 0n, high: 3n, epoch: 1n, covered: 5n };
    await redis.set(inboxKey(viewer), Buffer.concat([floored(3n), packEntries([entry(5n)])]));
    await inboxes.extendOlder(viewer, stretch, [entry(2n)]);
    expect((await read(viewer))!.older?.entries).toEqual([entry(2n)]);
    for (const spoil of [() => redis.append(olderKey(viewer), 'x'), () => redis.lpush(olderKey(viewer), 'x')]) {
      await spoil();
      expect((await read(viewer))!.older).toBeUndefined();
      expect(await redis.exists(olderKey(viewer))).toBe(0);
    }
  });
});

function floored(floor: bigint): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeBigUInt64BE(floor, 0);
  return header;
}
