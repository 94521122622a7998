import { connectRedis, RedisInboxStore } from '#engine-redis';
import { openLmdbStores } from '#engine-lmdb';
import { AuthorRoster } from '#fanout';
import { ABOVE_ALL_IDS, idAt, type PostId, type UserId } from '#ids';
import { BUILDING, inboxSize } from '#inbox';
import { systemClock } from '#kernel';
import type { Stores } from '#storage';
import { startTestRedis, tempDir, type TestRedis } from '#test';
import { FollowList } from '../relations/follow-list.ts';
import { RelationsReader } from '../relations/relations-reader.ts';
import { InboxBuilder, needsCatchUp } from './inbox-builder.ts';

const HOLDS = 8;
const dir = tempDir();
let redis: TestRedis;
let stores: Stores;
let world: ReturnType<typeof openWorld>;

beforeAll(async () => {
  redis = await startTestRedis();
  stores = openLmdbStores(dir.path, systemClock);
  world = openWorld();
  await world.roster.start();
});
afterAll(async () => {
  await world.roster.stop();
  world.client.disconnect();
  await stores.close();
  await redis.stop();
  dir.remove();
});

function openWorld() {
  const client = connectRedis({ urls: [redis.url], name: 'test', onError: () => undefined, patient: true });
  const inboxes = new RedisInboxStore(client, { size: inboxSize(HOLDS), idleMs: 3_600_000 }, systemClock);
  const follows = new Map<UserId, Map<UserId, bigint>>();
  const loadFollows = async (viewer: UserId) => {
    const rows = [...(follows.get(viewer) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    return new FollowList(
      BigUint64Array.from(rows, ([id]) => id),
      BigUint64Array.from(rows, ([, since]) => since),
    );
  };
  const relations = new RelationsReader(loadFollows, stores.mutes, stores.blocks, systemClock);
  const roster = new AuthorRoster(stores.authorModes, systemClock, { refreshMs: 60_000, validMs: 120_000 });
  let nonce = 1n;
  const options = { entriesMax: HOLDS, nonce: () => nonce++ };
  const builder = new InboxBuilder(inboxes, relations, stores.timelines, roster, systemClock, options);
  return { client, inboxes, follows, relations, roster, builder, nonce: options.nonce };
}

let last = idAt(Date.UTC(2026, 0, 1));
const next = () => (last += 1n);
const newUser = () => next() as UserId;
async function writePosts(author: UserId, count: number): Promise<PostId[]> {
  const ids: PostId[] = [];
  for (let i = 0; i < count; i++) {
    const id = next() as PostId;
    const post = {
      id,
      authorId: author,
      text: 'x',
      replyTo: undefined,
      repostOf: undefined,
      delivery: 'push' as const,
    };
    const outbox = { id: next(), kind: 'created' as const, postId: id };
    await stores.posts.create(post, outbox);
    await stores.outbox.remove(outbox);
    ids.push(id);
  }
  return ids;
}
/** Follows durably and tells the inbox so, as the writer of relations does. */
async function follow(viewer: UserId, ...authors: UserId[]): Promise<void> {
  const list = world.follows.get(viewer) ?? new Map<UserId, bigint>();
  for (const author of authors) list.set(author, idAt(systemClock.now()));
  world.follows.set(viewer, list);
  await world.inboxes.touch(viewer, world.nonce());
}
const inboxOf = async (viewer: UserId) => (await world.inboxes.dump(viewer))!;
const catchUp = async (viewer: UserId) => world.builder.catchUp(viewer, (await inboxOf(viewer)).header).done;

/** Everything above the floor is there. */
async function expectComplete(viewer: UserId, posts: readonly PostId[]): Promise<void> {
  const { header, entries } = await inboxOf(viewer);
  expect(entries.map((entry) => entry.postId)).toEqual(posts.filter((id) => id > header.floor));
}

describe('InboxBuilder', () => {
  it.each([0, 1, HOLDS - 1, HOLDS, HOLDS + 1, HOLDS + 2, 3 * HOLDS])(
    'builds a cold inbox over %d posts, and claims no more than it holds',
    async (count) => {
      const [viewer, author] = [newUser(), newUser()];
      const posts = await writePosts(author, count);
      await follow(viewer, author);
      await world.builder.build(viewer).done;
      await expectComplete(viewer, posts);
      const { header } = await inboxOf(viewer);
      expect(header.floor).toBe(count > HOLDS ? posts[count - HOLDS] : 0n);
    },
  );

  it.each([0, 1, HOLDS - 1, HOLDS, HOLDS + 1, HOLDS + 2, 3 * HOLDS])(
    'takes in a newly followed author of %d posts, and claims no more than the inbox holds then',
    async (count) => {
      const [viewer, author] = [newUser(), newUser()];
      const posts = await writePosts(author, count);
      await world.builder.build(viewer).done;
      await follow(viewer, author);
      await catchUp(viewer);
      await expectComplete(viewer, posts);
    },
  );

  it('takes in one author after the other, whatever is there already', async () => {
    const viewer = newUser();
    await world.builder.build(viewer).done;
    const all: PostId[] = [];
    for (const count of [3, 5, 1, 4, 2]) {
      const author = newUser();
      all.push(...(await writePosts(author, count)));
      await follow(viewer, author);
      await catchUp(viewer);
      await expectComplete(viewer, all);
    }
  });

  it('builds once for all who ask at once, and keeps what is delivered meanwhile', async () => {
    const [viewer, author] = [newUser(), newUser()];
    await writePosts(author, 2);
    await follow(viewer, author);
    await world.inboxes.open(viewer, world.nonce());
    const meanwhile = (await writePosts(author, 1))[0]!;
    const self = Buffer.alloc(8);
    self.writeBigUInt64BE(viewer);
    await world.inboxes.deliver({ postId: meanwhile, authorId: author }, self);
    const builds = [world.builder.build(viewer).done, world.builder.build(viewer).done];
    expect(builds[0]).toBe(builds[1]);
    await Promise.all(builds);
    const { header, entries } = await inboxOf(viewer);
    expect([header.floor, entries.length]).toEqual([0n, 3]);
  });

  it('does not finish an inbox that somebody else is building', async () => {
    const [viewer, author] = [newUser(), newUser()];
    await writePosts(author, 2);
    await follow(viewer, author);
    await world.builder.build(viewer).done;
    const { header } = await inboxOf(viewer);
    await world.inboxes.drop(viewer);
    await world.inboxes.open(viewer, world.nonce());
    await world.builder.catchUp(viewer, header).done;
    expect((await inboxOf(viewer)).header).toMatchObject({ floor: BUILDING, covered: 0n });
  });

  it('has nothing more to do when it is done, until relations change', async () => {
    const [viewer, author] = [newUser(), newUser()];
    await follow(viewer, author);
    await world.builder.build(viewer).done;
    const isDue = async () => {
      const { header } = (await world.inboxes.read(viewer, { before: ABOVE_ALL_IDS, limit: 1 }))!;
      return needsCatchUp(header, await world.relations.get(viewer, header.relations), world.roster);
    };
    await expect(isDue()).resolves.toBe(false);
    await follow(viewer, newUser());
    await expect(isDue()).resolves.toBe(true);
    await catchUp(viewer);
    await expect(isDue()).resolves.toBe(false);
  });
});
