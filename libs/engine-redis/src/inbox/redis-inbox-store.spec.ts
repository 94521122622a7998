import { ABOVE_ALL_IDS, type PostId, type UserId } from '#ids';
import { BUILDING, type Entry, ENTRY_BYTES, HEADER_BYTES, inboxSize } from '#inbox';
import { systemClock } from '#kernel';
import { startTestRedis, type TestRedis } from '#test';
import { connectRedis, type RedisClient } from '../connection/connect-redis.ts';
import { idBytes, InboxKeys } from './inbox-keys.ts';
import { RedisInboxStore } from './redis-inbox-store.ts';

const IDLE_MS = 86_400_000;
/** What a trim takes out at the cap of 800. */
const TRIMMED_ENTRIES = 63;

let server: TestRedis;
let redis: RedisClient;
let lastUser = 10n ** 18n;

beforeAll(async () => {
  server = await startTestRedis();
  redis = connectRedis({ urls: [server.url], name: 'test', onError: () => undefined, patient: true });
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const user = () => ++lastUser as UserId;
const store = (entriesMax = 20) =>
  new RedisInboxStore(redis, { size: inboxSize(entriesMax), idleMs: IDLE_MS }, systemClock);
const entry = (postId: number | bigint, authorId: number | bigint = 7): Entry => ({
  postId: BigInt(postId) as PostId,
  authorId: BigInt(authorId) as UserId,
});
const ids = (entries: readonly Entry[]) => entries.map((e) => Number(e.postId));
const packed = (...viewers: UserId[]) => Buffer.concat(viewers.map(idBytes));

async function built(inboxes: RedisInboxStore, viewer: UserId, entries: Entry[] = [], floor = 0n): Promise<void> {
  await inboxes.open(viewer, 1n);
  await inboxes.merge(viewer, { entries, floor, covered: 5n, coveredAtMs: 1000 });
}
const readAll = (inboxes: RedisInboxStore, viewer: UserId, before = ABOVE_ALL_IDS, limit = 1000) =>
  inboxes.read(viewer, { before, limit });

describe('RedisInboxStore', () => {
  it('writes warm inboxes only', async () => {
    const inboxes = store();
    const [warm, cold] = [user(), user()];
    await built(inboxes, warm);
    await expect(inboxes.deliver(entry(10), packed(cold, warm))).resolves.toBe(1);
    expect(ids((await readAll(inboxes, warm))!.entries)).toEqual([10]);
    await expect(readAll(inboxes, cold)).resolves.toBeUndefined();
  });

  it('keeps entries in id order and each once, whatever the order and number of deliveries', async () => {
    const inboxes = store();
    const viewer = user();
    await built(inboxes, viewer);
    for (const id of [5, 9, 7, 7, 1, 9, 8, 5]) await inboxes.deliver(entry(id), packed(viewer));
    expect(ids((await readAll(inboxes, viewer))!.entries)).toEqual([9, 8, 7, 5, 1]);
  });

  it('pages below a position', async () => {
    const inboxes = store();
    const viewer = user();
    await built(
      inboxes,
      viewer,
      [1, 2, 3, 5, 8].map((id) => entry(id)),
    );
    const page = async (before: bigint, limit: number) => ids((await readAll(inboxes, viewer, before, limit))!.entries);
    expect(await page(ABOVE_ALL_IDS, 2)).toEqual([8, 5]);
    expect(await page(5n, 2)).toEqual([3, 2]);
    expect(await page(6n, 2)).toEqual([5, 3]);
    expect(await page(2n, 2)).toEqual([1]);
    expect(await page(1n, 2)).toEqual([]);
  });

  it('trims from below, raises the floor to what it dropped, and refuses late posts below it', async () => {
    const inboxes = store(8);
    const viewer = user();
    await built(inboxes, viewer);
    for (let id = 1; id <= 9; id++) await inboxes.deliver(entry(id * 10), packed(viewer));
    const before = (await readAll(inboxes, viewer))!;
    expect(ids(before.entries)).toEqual([90, 80, 70, 60, 50, 40, 30]);
    expect(before.header.floor).toBe(20n);
    await expect(inboxes.deliver(entry(15), packed(viewer))).resolves.toBe(0);
    await expect(inboxes.deliver(entry(20), packed(viewer))).resolves.toBe(0);
    await expect(inboxes.deliver(entry(25), packed(viewer))).resolves.toBe(1);
    const after = (await readAll(inboxes, viewer))!;
    expect(ids(after.entries)).toEqual([90, 80, 70, 60, 50, 40, 30, 25]);
    expect(after.header.epoch).not.toBe(before.header.epoch);
  });

  it('keeps what is delivered while an inbox is built', async () => {
    const inboxes = store();
    const viewer = user();
    await expect(inboxes.open(viewer, 77n)).resolves.toMatchObject({ floor: BUILDING, relations: 77n, epoch: 77n });
    await inboxes.deliver(entry(50), packed(viewer));
    await inboxes.deliver(entry(40), packed(viewer));
    await expect(inboxes.open(viewer, 88n)).resolves.toMatchObject({ floor: BUILDING, relations: 77n });
    const entries = [entry(20), entry(30), entry(40)];
    await expect(inboxes.merge(viewer, { entries, covered: 4n, coveredAtMs: 98 })).resolves.toBe(false);
    await expect(inboxes.merge(viewer, { entries, floor: 15n, covered: 3n, coveredAtMs: 99 })).resolves.toBe(true);
    const reading = (await readAll(inboxes, viewer))!;
    expect(ids(reading.entries)).toEqual([50, 40, 30, 20]);
    expect(reading.header).toEqual({ floor: 15n, relations: 77n, epoch: 77n, covered: 3n, coveredAtMs: 99 });
  });

  it('gives up an inbox that overflows while it is built: its builder would not know what was dropped', async () => {
    const inboxes = store(8);
    const viewer = user();
    await inboxes.open(viewer, 77n);
    for (let id = 1; id <= 9; id++) await inboxes.deliver(entry(id), packed(viewer));
    await expect(readAll(inboxes, viewer)).resolves.toBeUndefined();
    await expect(inboxes.merge(viewer, { entries: [], floor: 0n, covered: 3n, coveredAtMs: 99 })).resolves.toBe(false);
  });

  it('never gives an inbox an epoch again', async () => {
    const inboxes = store();
    const viewer = user();
    await inboxes.open(viewer, 0xffff_fffen);
    await inboxes.merge(viewer, { entries: [], floor: 50n, covered: 3n, coveredAtMs: 99 });
    const epochs = new Set<bigint>();
    for (const id of [10, 20, 10, 20]) {
      await inboxes.deliver(entry(id), packed(viewer));
      epochs.add((await readAll(inboxes, viewer))!.header.epoch);
    }
    expect([...epochs]).toEqual([0xffff_ffffn, 0x1_0000_0000n, 0x1_0000_0001n, 0x1_0000_0002n]);
  });

  it('merges into a warm inbox above its floor only, and not at all into a cold one', async () => {
    const inboxes = store();
    const viewer = user();
    await built(inboxes, viewer, [entry(30), entry(50)], 20n);
    const entries = [10, 20, 30, 40, 60].map((id) => entry(id));
    await inboxes.merge(viewer, { entries, covered: 6n, coveredAtMs: 2000 });
    const reading = (await readAll(inboxes, viewer))!;
    expect(ids(reading.entries)).toEqual([60, 50, 40, 30]);
    expect(reading.header).toMatchObject({ floor: 20n, covered: 6n, coveredAtMs: 2000 });
    await expect(inboxes.merge(user(), { entries, covered: 6n, coveredAtMs: 2000 })).resolves.toBe(false);
  });

  it('withdraws a post from many inboxes and purges an author from one', async () => {
    const inboxes = store();
    const [a, b] = [user(), user()];
    for (const viewer of [a, b]) await built(inboxes, viewer, [entry(1, 7), entry(2, 8), entry(3, 7), entry(4, 9)]);
    await inboxes.withdraw(entry(2, 8), packed(a, b, user()));
    await inboxes.withdraw(entry(99, 8), packed(a));
    for (const viewer of [a, b]) expect(ids((await readAll(inboxes, viewer))!.entries)).toEqual([4, 3, 1]);
    const seen = { relations: 1n, covered: 5n };
    await inboxes.purge(a, 7n as UserId, { ...seen, relations: 2n });
    await inboxes.purge(a, 7n as UserId, { ...seen, covered: 6n });
    await inboxes.purge(user(), 7n as UserId, seen);
    expect(ids((await readAll(inboxes, a))!.entries)).toEqual([4, 3, 1]);
    await inboxes.purge(a, 7n as UserId, seen);
    expect(ids((await readAll(inboxes, a))!.entries)).toEqual([4]);
    expect(ids((await readAll(inboxes, b))!.entries)).toEqual([4, 3, 1]);
  });

  it('touches the relations of warm inboxes and makes nothing of cold ones', async () => {
    const inboxes = store();
    const [warm, cold] = [user(), user()];
    await built(inboxes, warm);
    await expect(inboxes.touch(warm, 1234n)).resolves.toBe(5n);
    await expect(inboxes.touch(cold, 1234n)).resolves.toBeUndefined();
    expect((await readAll(inboxes, warm))!.header).toMatchObject({ relations: 1234n, covered: 5n, floor: 0n });
    await expect(readAll(inboxes, cold)).resolves.toBeUndefined();
  });

  it('goes on in the older segment where the inbox ends', async () => {
    const inboxes = store();
    const viewer = user();
    await built(inboxes, viewer, [entry(30), entry(40)], 25n);
    const stretch = (high: bigint, low: bigint) => ({ low, high, epoch: 1n, covered: 5n });
    await inboxes.extendOlder(viewer, stretch(25n, 15n), [entry(25), entry(20)]);
    await inboxes.extendOlder(viewer, stretch(15n, 5n), [entry(15), entry(10)]);
    const first = (await readAll(inboxes, viewer, ABOVE_ALL_IDS, 3))!;
    expect([ids(first.entries), ids(first.older!.entries)]).toEqual([[40, 30], [25]]);
    expect([first.atFloor, first.next, first.older!.next]).toEqual([true, 26n, 25n]);
    expect(first.older!.segment).toEqual(stretch(25n, 5n));
    const second = (await readAll(inboxes, viewer, 20n, 3))!;
    expect([ids(second.entries), ids(second.older!.entries), second.older!.next]).toEqual([[], [15, 10], 6n]);
    expect(await readAll(inboxes, viewer, ABOVE_ALL_IDS, 2)).toMatchObject({
      older: undefined,
      atFloor: false,
      next: 30n,
    });
    await inboxes.extendOlder(viewer, stretch(9n, 3n), [entry(8)]); // does not go on where the last one ended
    expect((await readAll(inboxes, viewer, 20n, 3))!.older!.segment).toEqual(stretch(9n, 3n));
  });

  it('lets inboxes go cold when they are not read, and keeps them warm through trims', async () => {
    const inboxes = store(8);
    const viewer = user();
    await built(inboxes, viewer);
    const key = new InboxKeys(false).inbox(idBytes(viewer));
    await redis.pexpire(key, IDLE_MS / 2);
    for (let id = 1; id <= 20; id++) await inboxes.deliver(entry(id), packed(viewer));
    expect(await redis.pttl(key)).toBeLessThanOrEqual(IDLE_MS / 2);
    expect(await redis.pttl(key)).toBeGreaterThan(0);
    await readAll(inboxes, viewer);
    expect(await redis.pttl(key)).toBeGreaterThan(IDLE_MS * 0.9);
    await redis.pexpire(key, 0);
    await expect(readAll(inboxes, viewer)).resolves.toBeUndefined();
  });

  it('costs at most 17 bytes an entry on average at the cap of 800, and never much more', async () => {
    const inboxes = store(800);
    const viewer = user();
    await built(inboxes, viewer);
    const key = new InboxKeys(false).inbox(idBytes(viewer));
    const perEntry: number[] = [];
    for (let id = 1; id <= 1700; id++) {
      await inboxes.deliver(entry(id), packed(viewer));
      if (id < 800) continue;
      const [memory, length] = await Promise.all([redis.memory('USAGE', key), redis.strlen(key)]);
      perEntry.push((memory ?? 0) / ((length - HEADER_BYTES) / ENTRY_BYTES));
    }
    const cycle = perEntry.slice(-2 * TRIMMED_ENTRIES); // ends with the last delivery, whole trims long
    expect(cycle.reduce((sum, bytes) => sum + bytes, 0) / cycle.length).toBeLessThanOrEqual(17);
    expect(Math.max(...perEntry)).toBeLessThanOrEqual(18);
  });

  it('rejects with unavailable when Redis is away', async () => {
    const gone = connectRedis({ urls: ['redis://127.0.0.1:1'], name: 'gone', onError: () => undefined });
    const inboxes = new RedisInboxStore(gone, { size: inboxSize(10), idleMs: IDLE_MS }, systemClock);
    await expect(inboxes.read(user(), { before: ABOVE_ALL_IDS, limit: 1 })).rejects.toMatchObject({
      code: 'unavailable',
    });
    gone.disconnect();
  });
});
