import { countersOnLmdb } from './counters-on-lmdb.ts';
import { countCacheLimits, type Counts, CountSource, totalOf, totalWith } from '#counters';
import { HotCache, idKeys } from '#hot-cache';
import type { PostId } from '#ids';
import { ManualClock, seededChance } from '#test';

const counters = countersOnLmdb();
const { sets, memberships, index, setStore } = counters;
afterAll(() => counters.close());

let last = 1000n;
const newId = () => (last += 1n << 22n) as PostId;
const newIds = (count: number) => Array.from({ length: count }, newId);

/** Counts the batches of heads that reach the store. */
function watchBatches() {
  const heads = setStore.heads.bind(setStore);
  const sizes: number[] = [];
  setStore.heads = (shards) => (sizes.push(shards.length), heads(shards));
  return sizes;
}

function openCache(clock: ManualClock) {
  const source = new CountSource(sets, ['likes', 'reposts', 'replies']);
  const cache = new HotCache({ clock, chance: seededChance(1) });
  const region = cache.region<PostId, Counts<'likes' | 'reposts' | 'replies'>>({
    name: 'post-counts',
    keys: idKeys<PostId>(),
    codec: source.codec,
    load: (ids) => source.load(ids),
    ...countCacheLimits,
  });
  return { cache, region, source };
}

describe('counts, read', () => {
  it('cost one batch for a page of twenty posts, and none again within the second', async () => {
    const clock = new ManualClock();
    const { region } = openCache(clock);
    const posts = newIds(20);
    await sets.add('likes', posts[3]!, newId());
    await sets.add('replies', posts[3]!, newId());
    const batches = watchBatches();
    for (let reader = 0; reader < 50; reader++) {
      const counts = await region.getMany(posts);
      expect(counts.map((c) => totalOf(c!.likes))).toEqual(posts.map((_, i) => (i === 3 ? 1 : 0)));
      expect(totalOf(counts[3]!.replies)).toBe(1);
    }
    expect(batches).toEqual([60]);
  });

  it('show the reader their own like at once, and everybody the others within two seconds', async () => {
    const clock = new ManualClock();
    const { region } = openCache(clock);
    const [post, ann, bob] = newIds(3) as [PostId, PostId, PostId];
    await region.get(post);
    await memberships.join('likes', bob, post);
    await memberships.join('likes', ann, post);
    const shown = async (member: bigint) => {
      const counts = await region.get(post);
      const liked = await index.find('likes', member, post);
      return totalWith(counts!.likes, liked?.at);
    };
    expect(await shown(ann)).toBe(2);
    expect(await shown(newId())).toBe(0);
    await clock.advance(2000);
    expect(await shown(newId())).toBe(2);
    expect(await shown(bob)).toBe(2);
  });

  it('travel as bytes, however many shards there are', async () => {
    const { source } = openCache(new ManualClock());
    const [post, ...users] = newIds(60) as [PostId, ...PostId[]];
    await sets.grow('likes', post);
    await sets.grow('likes', post);
    await Promise.all(users.map((user) => sets.add('likes', post, user)));
    const [counts] = await source.load([post]);
    expect(counts!.likes.length).toBe(1 + 4 + 16);
    const copy = source.codec.decode(source.codec.encode(counts!));
    expect(copy).toEqual(counts);
    expect(totalOf(copy.likes)).toBe(59);
    expect(Object.isFrozen(copy) && Object.isFrozen(copy.likes) && Object.isFrozen(copy.likes[0])).toBe(true);
  });
});
