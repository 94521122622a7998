import { openLmdbStores } from '#engine-lmdb';
import { connectRedis, RedisInboxStore } from '#engine-redis';
import { AuthorRoster } from '#fanout';
import { ABOVE_ALL_IDS, idAt, type PostId, type UserId } from '#ids';
import { type InboxStore, inboxSize } from '#inbox';
import { systemClock } from '#kernel';
import { type AuthorHead, loadHeads } from '#presentation';
import type { Stores } from '#storage';
import { ManualClock, startTestRedis, tempDir, type TestRedis, until } from '#test';
import { InboxBuilder } from '../build/inbox-builder.ts';
import { FollowList } from '../relations/follow-list.ts';
import { RelationsReader } from '../relations/relations-reader.ts';
import type { FeedState } from './feed-page.ts';
import { FeedScans } from './feed-scans.ts';
import { TruthScan } from './truth-scan.ts';

const [VIEWER, AUTHOR] = [11n as UserId, 12n as UserId];
const FOLLOWS = new FollowList(BigUint64Array.of(AUTHOR), BigUint64Array.of(1n));

const dir = tempDir();
const clock = new ManualClock();
let redis: TestRedis;
let stores: Stores;
let client: ReturnType<typeof connectRedis>;
let scans: FeedScans;
let merges = 0;
/** Lets the building of inboxes go on. */
let release: () => void;

/** Inboxes that nobody gets built before `release`. */
function slowToBuild(inboxes: InboxStore): InboxStore {
  const released = new Promise<void>((resolve) => (release = resolve));
  const merge: InboxStore['merge'] = (viewer, what) => {
    merges++;
    return released.then(() => inboxes.merge(viewer, what));
  };
  const bound = (name: keyof InboxStore) => (inboxes[name] as () => unknown).bind(inboxes);
  return new Proxy(inboxes, { get: (_, name) => (name === 'merge' ? merge : bound(name as keyof InboxStore)) });
}

beforeAll(async () => {
  redis = await startTestRedis();
  stores = openLmdbStores(dir.path, systemClock);
  client = connectRedis({ urls: [redis.url], name: 'test', onError: () => undefined, patient: true });
  const inboxes = slowToBuild(new RedisInboxStore(client, { size: inboxSize(8), idleMs: 3_600_000 }, systemClock));
  const relations = new RelationsReader(() => Promise.resolve(FOLLOWS), stores.mutes, stores.blocks, clock);
  const roster = new AuthorRoster(stores.authorModes, clock, { refreshMs: 60_000, validMs: 120_000 });
  await roster.refresh();
  const { timelines } = stores;
  const builder = new InboxBuilder(inboxes, relations, timelines, roster, clock, { entriesMax: 8, nonce: () => 1n });
  const heads = {
    getMany: (authors: readonly UserId[]): Promise<AuthorHead[]> => loadHeads(timelines, authors),
    hold: () => undefined,
  };
  const sources = { inboxes, timelines, heads, relations, builder, roster };
  scans = new FeedScans(sources, clock, { pullAuthorsMax: 100, inboxIdleMs: 3_600_000 });
});
afterAll(async () => {
  client.disconnect();
  await stores.close();
  await redis.stop();
  dir.remove();
});

let lastId = idAt(Date.UTC(2026, 0, 1));
async function write(authorId: UserId): Promise<PostId> {
  const id = ++lastId as PostId;
  const post = { id, authorId, text: 'x', replyTo: undefined, repostOf: undefined, delivery: 'push' } as const;
  await stores.posts.create(post, { id: ++lastId, kind: 'created', postId: id });
  return id;
}

async function read(): Promise<{ state: FeedState; ids: PostId[]; fromTruth: boolean }> {
  const start = await scans.begin(VIEWER, ABOVE_ALL_IDS, 10);
  const scan = start instanceof TruthScan ? start : await scans.open(start);
  const { entries } = await scan.take(10);
  return { state: scan.state, ids: entries.map(({ postId }) => postId), fromTruth: scan instanceof TruthScan };
}

/** Time stands still, but for timers that are due at once. */
async function withoutWaiting<T>(work: Promise<T>): Promise<T> {
  let isOver = false;
  const end = (): void => void (isOver = true);
  work.then(end, end);
  await until(() => clock.advance(0).then(() => isOver));
  return work;
}

describe('FeedScans', () => {
  it('pulls pages from the truth when an inbox takes long to build', async () => {
    const posts = [await write(AUTHOR), await write(VIEWER)].reverse();
    const first = read();
    await until(() => merges === 1);
    await clock.advance(2_000);
    expect(await first).toEqual({ state: 'complete', ids: posts, fromTruth: true });
    posts.unshift(await write(VIEWER));
    expect(await withoutWaiting(read())).toEqual({ state: 'complete', ids: posts, fromTruth: true });
    expect(merges).toBe(1);
    release();
    const last = await until(read, ({ fromTruth }) => !fromTruth);
    expect(last).toEqual({ state: 'complete', ids: posts, fromTruth: false });
  });
});
