import { openLmdbStores } from '#engine-lmdb';
import { connectRedis, RedisInboxStore } from '#engine-redis';
import { LATE_MS } from '#fanout';
import { idAt, type PostId, type UserId } from '#ids';
import { inboxSize } from '#inbox';
import { systemClock } from '#kernel';
import type { AuthorTimelineStore, Stores } from '#storage';
import { startTestRedis, tempDir, type TestRedis } from '#test';
import { FollowList } from '../relations/follow-list.ts';
import type { Relations } from '../relations/relations.ts';
import { OlderScan } from './older-scan.ts';

const dir = tempDir();
let redis: TestRedis;
let stores: Stores;
let inboxes: RedisInboxStore;
let client: ReturnType<typeof connectRedis>;

beforeAll(async () => {
  redis = await startTestRedis();
  stores = openLmdbStores(dir.path, systemClock);
  client = connectRedis({ urls: [redis.url], name: 'test', onError: () => undefined, patient: true });
  inboxes = new RedisInboxStore(client, { size: inboxSize(8), idleMs: 3_600_000 }, systemClock);
});
afterAll(async () => {
  client.disconnect();
  await stores.close();
  await redis.stop();
  dir.remove();
});

const viewer = 11n as UserId;
const author = 12n as UserId;

async function write(id: bigint): Promise<void> {
  const post = { id: id as PostId, authorId: author, text: 'hello', replyTo: undefined, repostOf: undefined };
  await stores.posts.create({ ...post, delivery: 'pull' }, { id, kind: 'created', postId: post.id });
}

/** Scrolls from a position to the end, as a request of its own; counts the passes over the timelines. */
async function scroll(before: bigint): Promise<{ ids: bigint[]; passes: number }> {
  let passes = 0;
  const timelines: Pick<AuthorTimelineStore, 'listMany'> = {
    listMany: (positions, limit) => (passes++, stores.timelines.listMany(positions, limit)),
  };
  const follows = new FollowList(BigUint64Array.of(author), BigUint64Array.of(1n));
  const loadedAtMs = systemClock.now();
  const relations: Relations = { viewer, follows, muted: new Set(), hasBlocks: false, loadedAtMs };
  const { header, older } = (await inboxes.read(viewer, { before, limit: 100 }))!;
  const scan = new OlderScan(inboxes, timelines as AuthorTimelineStore, relations, header, older, before);
  const { entries } = await scan.take(100);
  return { ids: entries.map((entry) => entry.postId), passes };
}

describe('OlderScan', () => {
  it('keeps what is settled, and looks again at what a post may still be on its way into', async () => {
    const nowMs = systemClock.now();
    const [old, older] = [idAt(nowMs - 2 * LATE_MS), idAt(nowMs - 3 * LATE_MS)];
    const [young, late] = [idAt(nowMs - LATE_MS / 2), idAt(nowMs - LATE_MS / 2) - 1n];
    for (const id of [old, older, young]) await write(id);
    await inboxes.open(viewer, 1n);
    await inboxes.merge(viewer, { entries: [], floor: young, covered: 1n, coveredAtMs: nowMs });

    expect((await scroll(young + 1n)).ids).toEqual([young, old, older]);
    await write(late); // its id was made before the first scroll
    expect((await scroll(young + 1n)).ids).toEqual([young, late, old, older]);
    expect(await scroll(old + 1n)).toEqual({ ids: [old, older], passes: 0 });
  });
});
