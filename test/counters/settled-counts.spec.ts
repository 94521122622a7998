import { countersOnLmdb } from './counters-on-lmdb.ts';
import { countCacheLimits, CountedSets, type Counts, CountSource, isSettled, Memberships, totalOf } from '#counters';
import { settledCountLimits } from '#counters';
import { HotCache, idKeys, type Region } from '#hot-cache';
import type { PostId } from '#ids';
import { ManualClock, seededChance } from '#test';
import { SimulatedServer, SimulatedTier } from '../hot-cache/simulated-tier.ts';

type Likes = Counts<'likes'>;

const counters = countersOnLmdb();
const { setStore: store, indexStore } = counters;
afterAll(() => counters.close());

let last = 1000n;
const newId = () => (last += 1n << 22n) as PostId;

/** Processes that commit to one store, and cache counts in front of it behind one shared tier, without a bus. */
function processes(count: number) {
  const clock = new ManualClock();
  const server = new SimulatedServer(clock);
  const woken: PostId[] = [];
  const all = Array.from({ length: count }, (_, i) => {
    const sets: CountedSets = new CountedSets({
      store,
      clock,
      chance: seededChance(i + 1),
      onWake: async ({ id }) => (woken.push(id as PostId), region.invalidate([id as PostId])),
    });
    const region: Region<PostId, Likes> = regionOf(sets, clock, new SimulatedTier(server, i), i);
    return { sets, region, likes: async (post: PostId) => totalOf((await region.get(post))!.likes) };
  });
  return { clock, woken, all };
}

function regionOf(sets: CountedSets, clock: ManualClock, tier: SimulatedTier, i: number): Region<PostId, Likes> {
  const source = new CountSource(sets, ['likes']);
  const cache = new HotCache({ clock, chance: seededChance(i + 1), tier, origin: `process-${i}` });
  const has = ({ changedAtMs }: Likes) => isSettled(changedAtMs, clock.now());
  const load = (ids: readonly PostId[]) => source.load(ids);
  const settled = { ...settledCountLimits, has };
  return cache.region({
    name: 'likes',
    keys: idKeys<PostId>(),
    codec: source.codec,
    load,
    settled,
    ...countCacheLimits,
  });
}

describe('settled counts', () => {
  it('are read once in ten seconds, and are right everywhere within two of the change that ends the quiet', async () => {
    const { clock, all } = processes(2);
    const [a, b] = [all[0]!, all[1]!];
    const post = newId();
    await a.sets.add('likes', post, newId());
    await clock.advance(20_000);
    for (let s = 0; s < 9; s++) {
      await expect(b.likes(post)).resolves.toBe(1);
      await clock.advance(1_000);
    }
    expect(a.region.counters.loads + b.region.counters.loads).toBe(1);
    await a.sets.add('likes', post, newId());
    await expect(a.likes(post)).resolves.toBe(2);
    await clock.advance(2_000);
    await expect(b.likes(post)).resolves.toBe(2);
  });

  it('are woken by the first change alone; the ones after it find nothing that is kept for long', async () => {
    const { clock, woken, all } = processes(2);
    const post = newId();
    for (let s = 0; s < 60; s++) {
      await all[s % 2]!.sets.add('likes', post, newId());
      await clock.advance(1_000);
      for (const { likes } of all) await likes(post);
    }
    expect(woken).toEqual([post]);
    await clock.advance(1_000);
    for (const { likes } of all) await expect(likes(post)).resolves.toBe(60);
    await clock.advance(8_000);
    await all[1]!.sets.add('likes', post, newId());
    expect(woken).toEqual([post, post]);
  });

  it('are woken by a change after the clock was set back', async () => {
    const { clock, woken, all } = processes(1);
    const [post, alive] = [newId(), all[0]!];
    await alive.sets.add('likes', post, newId());
    await clock.advance(30_000);
    await expect(alive.likes(post)).resolves.toBe(1);
    clock.stepWall(-3_600_000);
    await alive.sets.add('likes', post, newId());
    expect(woken).toEqual([post, post]);
    await expect(alive.likes(post)).resolves.toBe(2);
  });

  it('are woken by a repeat of a change whose process died before it told anybody', async () => {
    const { clock, woken, all } = processes(1);
    const dying = new CountedSets({
      store,
      clock,
      chance: seededChance(9),
      onWake: () => new Promise(() => undefined),
    });
    const [post, user, alive] = [newId(), newId(), all[0]!];
    await alive.sets.add('likes', post, newId());
    await clock.advance(30_000);
    await expect(alive.likes(post)).resolves.toBe(1);
    const unanswered = dying.add('likes', post, user);
    unanswered.catch(() => undefined);
    while ((await dying.total('likes', post)) < 2) await new Promise((resume) => setImmediate(resume));
    await expect(alive.likes(post)).resolves.toBe(1);
    await alive.sets.add('likes', post, user);
    expect(woken).toEqual([post, post]);
    await expect(alive.likes(post)).resolves.toBe(2);
    await alive.sets.add('likes', post, user);
    expect(woken).toHaveLength(2);
  });

  it('tell whoever keeps how many a member follows, also after a repeat', async () => {
    const { clock, all } = processes(1);
    const told: (readonly bigint[])[] = [];
    const memberships = new Memberships({
      sets: all[0]!.sets,
      index: indexStore,
      clock,
      chance: seededChance(5),
      onFollowing: async (members) => told.push(members),
    });
    const [ann, bob, eve] = [newId(), newId(), newId()];
    await memberships.join('following', ann, bob);
    await memberships.join('following', ann, bob);
    await memberships.leave('following', ann, bob);
    await memberships.join('likes', ann, bob);
    await memberships.joinMany(
      'following',
      [ann, bob, ann].map((member, i) => ({ member, subject: eve + BigInt(i), since: 1n })),
    );
    expect(told).toEqual([[ann], [ann], [ann], [ann, bob]]);
    await memberships.close();
  });
});
