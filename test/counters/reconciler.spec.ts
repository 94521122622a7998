import { countersOnLmdb } from './counters-on-lmdb.ts';
import { noEvents, Reconciler, type SetCheck } from '#counters';
import type { CountedSetStore, CountedSubject, Shard } from '#storage';
import { ManualClock, seededChance } from '#test';

const counters = countersOnLmdb();
const { sets, setStore } = counters;
afterAll(() => counters.close());

let last = 1000n;
const newId = () => (last += 1n << 22n);
const newIds = (count: number) => Array.from({ length: count }, newId);
const reconciler = new Reconciler({ store: setStore, clock: new ManualClock(), chance: seededChance(9) });

async function likedBy(users: readonly bigint[]): Promise<CountedSubject> {
  const post = newId();
  await Promise.all(users.map((user) => sets.add('likes', post, user)));
  return { kind: 'likes', id: post };
}

/** Writes past all rules, as a defect would. */
async function tamper(store: CountedSetStore, shard: Shard, total: number, joins: bigint[] = []): Promise<void> {
  const [head] = await store.heads([shard]);
  const changes = joins.map((member) => ({ member, since: 1n }));
  await store.commit(shard, head!.version, { ...head!, total, changes });
}

describe('Reconciler', () => {
  it('finds nothing where nothing is wrong, grown or not', async () => {
    const subject = await likedBy(newIds(300));
    await expect(reconciler.check(subject)).resolves.toEqual({
      subject,
      members: 300,
      drift: 0,
      doubles: 0,
      busyShards: 0,
    });
    await sets.grow('likes', subject.id);
    await Promise.all(newIds(300).map((user) => sets.add('likes', subject.id, user)));
    await expect(reconciler.check(subject)).resolves.toMatchObject({ members: 600, drift: 0, doubles: 0 });
    await expect(reconciler.check({ kind: 'likes', id: newId() })).resolves.toMatchObject({ members: 0, drift: 0 });
  });

  it('says by how much a total is wrong and repairs it', async () => {
    const subject = await likedBy(newIds(50));
    await tamper(setStore, { ...subject, generation: 0, shard: 0 }, 57);
    await expect(reconciler.check(subject)).resolves.toMatchObject({ members: 50, drift: 7 });
    await expect(sets.total('likes', subject.id)).resolves.toBe(50);
    await expect(reconciler.check(subject)).resolves.toMatchObject({ members: 50, drift: 0 });
  });

  it('finds members that are in two generations and leaves them in one', async () => {
    const users = newIds(20);
    const subject = await likedBy(users);
    await sets.grow('likes', subject.id);
    await sets.add('likes', subject.id, newId());
    for (let shard = 0; shard < 4; shard++) {
      // All users into all shards: each is doubled once, in the shard that is theirs, and lost elsewhere.
      const [head] = await setStore.heads([{ ...subject, generation: 1, shard }]);
      await tamper(setStore, { ...subject, generation: 1, shard }, head!.total + 20, users);
    }
    await expect(reconciler.check(subject)).resolves.toMatchObject({ doubles: 20 });
    await expect(reconciler.check(subject)).resolves.toMatchObject({ doubles: 0, drift: 0 });
  });

  it('does not disturb writers and is not fooled by them', async () => {
    const users = newIds(400);
    const subject = await likedBy(users);
    let writing = true;
    const writer = (async () => {
      for (let i = 0; writing; i = (i + 1) % users.length) {
        await sets.remove('likes', subject.id, users[i]!);
        await sets.add('likes', subject.id, users[i]!);
      }
    })();
    for (let i = 0; i < 20; i++) {
      const { drift, doubles } = await reconciler.check(subject);
      expect([drift, doubles]).toEqual([0, 0]);
    }
    writing = false;
    await writer;
    await expect(sets.total('likes', subject.id)).resolves.toBe(400);
  });

  it('walks over all sets, one after each pause, again and again', async () => {
    const clock = new ManualClock();
    const seen: SetCheck[] = [];
    const own = countersOnLmdb();
    const posts = newIds(3);
    for (const post of posts) await own.sets.add('likes', post, newId());
    await tamper(own.setStore, { kind: 'likes', id: posts[1]!, generation: 0, shard: 0 }, 5);
    const events = { ...noEvents, checked: (check: SetCheck) => seen.push(check) };
    const walker = new Reconciler({ store: own.setStore, clock, chance: seededChance(1), events, pauseMs: 100 });
    walker.start();
    while (seen.length < 7) await clock.advance(100);
    await walker.stop();
    expect(seen.slice(0, 6).map(({ subject }) => subject.id)).toEqual([...posts, ...posts]);
    expect(seen.map(({ drift }) => drift)).toEqual([0, 4, 0, 0, 0, 0, 0]);
    expect(clock.timers).toBe(0);
    await own.close();
  });
});
