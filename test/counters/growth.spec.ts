import { countersOnLmdb } from './counters-on-lmdb.ts';
import { type CounterLimits, counterLimits, type Position } from '#counters';
import type { CountedKind } from '#storage';
import { seededChance } from '#test';

const SMALL = { membersMax: 100, hotShardsMax: 64, waitingMax: 1e9, heatedPerSecond: Infinity };
const limits: CounterLimits = { ...counterLimits, growth: { ...counterLimits.growth, followers: SMALL } };
const counters = countersOnLmdb(limits);
const { sets, newSets, setStore } = counters;
afterAll(() => counters.close());

let last = 1000n;
const newId = () => (last += 1n << 22n);
const newIds = (count: number) => Array.from({ length: count }, newId);
const ascending = (ids: Iterable<bigint>) => [...ids].sort((a, b) => (a < b ? -1 : 1));

async function listed(kind: CountedKind, subject: bigint, limit: number, by = sets): Promise<bigint[]> {
  const found: bigint[] = [];
  for (let after: Position | undefined; ;) {
    const page = await by.page(kind, subject, { after, limit });
    found.push(...page.members);
    if (!page.next) return found;
    after = page.next;
  }
}

async function packed(subject: bigint): Promise<bigint[]> {
  const chapters = await sets.chapters('followers', subject);
  const packs = await Promise.all(chapters.map((chapter) => sets.pack('followers', subject, chapter)));
  return packs.flatMap((ids) => Array.from({ length: ids.length / 8 }, (_, i) => ids.readBigUInt64BE(8 * i)));
}

describe('growth', () => {
  it('goes by size: chapters stay small, and every view of the set agrees', async () => {
    const author = newId();
    const followers = newIds(3000);
    for (let at = 0; at < followers.length; at += 300)
      await Promise.all(followers.slice(at, at + 300).map((user) => sets.add('followers', author, user)));
    const layout = await setStore.loadLayout({ kind: 'followers', id: author });
    expect(layout).toEqual([1, 4, 16, 64]);
    const chapters = await sets.chapters('followers', author);
    expect(Math.max(...chapters.map(({ total }) => total))).toBeLessThan(100 + 300);
    expect(chapters.map(({ generation, shard }) => generation * 100 + shard)).toEqual(
      chapters.map(({ generation, shard }) => generation * 100 + shard).toSorted((a, b) => a - b),
    );
    await expect(sets.total('followers', author)).resolves.toBe(3000);
    expect(ascending(await listed('followers', author, 70))).toEqual(followers);
    expect(ascending(await packed(author))).toEqual(followers);
    await expect(sets.hasMany('followers', author, [newId(), ...followers])).resolves.toEqual([
      false,
      ...followers.map(() => true),
    ]);
    // The same by those who have not heard of the growth.
    await expect(newSets().total('followers', author)).resolves.toBe(3000);
    expect(ascending(await listed('followers', author, 70, newSets()))).toEqual(followers);
    const { next } = await sets.page('followers', author, { limit: 2000 });
    await expect(newSets().page('followers', author, { after: next, limit: 2000 })).resolves.toMatchObject({
      next: undefined,
    });
  });

  it('takes members in, lets them go and takes them in again from 1 to 64 shards, by three who fight', async () => {
    const post = newId();
    const users = newIds(1200);
    const committers = [sets, newSets(), newSets()];
    const chance = seededChance(3);
    const any = () => committers[Math.floor(chance() * 3)]!;
    const expected = new Set<bigint>();
    const doTwice = async (user: bigint) => {
      if (expected.has(user)) await Promise.all([any().remove('likes', post, user), any().remove('likes', post, user)]);
      else await Promise.all([any().add('likes', post, user), any().add('likes', post, user)]);
      if (!expected.delete(user)) expected.add(user);
    };
    for (let round = 0; round < 8; round++) {
      const growing = round % 2 === 1 ? any().grow('likes', post) : undefined;
      await Promise.all(users.filter(() => chance() < 0.4).map(doTwice));
      await growing;
    }
    const layout = await setStore.loadLayout({ kind: 'likes', id: post });
    expect(layout.length).toBeGreaterThanOrEqual(4);
    for (const committer of [...committers, newSets()])
      await expect(committer.total('likes', post)).resolves.toBe(expected.size);
    const members = await listed('likes', post, 100);
    expect(members).toHaveLength(expected.size);
    expect(ascending(members)).toEqual(ascending(expected));
  });

  it('answers a change of a grown set with its whole total', async () => {
    const post = newId();
    const [ann, ...others] = newIds(40) as [bigint, ...bigint[]];
    await Promise.all(others.map((user) => sets.add('likes', post, user)));
    await sets.grow('likes', post);
    await sets.grow('likes', post);
    await expect(sets.add('likes', post, ann)).resolves.toMatchObject({ changed: true, total: 40 });
    await expect(sets.remove('likes', post, ann)).resolves.toMatchObject({ changed: true, total: 39 });
    await expect(newSets().remove('likes', post, others[0]!)).resolves.toMatchObject({ changed: true, total: 38 });
  });

  it('stops asking the sealed shards once their packs are known, and stays right about who is in there', async () => {
    const post = newId();
    const early = newIds(50);
    await Promise.all(early.map((user) => sets.add('likes', post, user)));
    for (let i = 0; i < 3; i++) await sets.grow('likes', post);
    const asked = new Map<number, number>();
    const read = setStore.read.bind(setStore);
    setStore.read = (reads) => {
      for (const { shard } of reads) asked.set(shard.generation, (asked.get(shard.generation) ?? 0) + 1);
      return read(reads);
    };
    const addMany = async (users: readonly bigint[]) => {
      asked.clear();
      await Promise.all(users.map((user) => sets.add('likes', post, user)));
      await sets.close();
      return [0, 1, 2].map((generation) => asked.get(generation) ?? 0);
    };
    await addMany(newIds(200));
    await addMany(newIds(200));
    const later = await addMany(newIds(200));
    expect(Math.max(...later)).toBeLessThan(10);
    await addMany(early);
    setStore.read = read;
    await sets.remove('likes', post, early[0]!);
    await sets.add('likes', post, early[0]!);
    await expect(sets.total('likes', post)).resolves.toBe(650);
    expect(await listed('likes', post, 1000)).toHaveLength(650);
  });

  it('lists those who are left in many shards', async () => {
    const post = newId();
    const users = newIds(400);
    for (let i = 0; i < 4; i++) {
      await Promise.all(users.slice(100 * i, 100 * i + 100).map((user) => sets.add('likes', post, user)));
      await sets.grow('likes', post);
    }
    await Promise.all(users.slice(3).map((user) => sets.remove('likes', post, user)));
    const latest = newId();
    await sets.add('likes', post, latest);
    expect(await listed('likes', post, 2)).toEqual([...users.slice(0, 3), latest]);
  });

  it('ends at its largest size', async () => {
    const post = newId();
    for (let i = 0; i < 9; i++) await sets.grow('likes', post);
    const layout = await setStore.loadLayout({ kind: 'likes', id: post });
    expect(layout).toEqual([1, 4, 16, 64, 256, 1024, 4096]);
    await expect(sets.add('likes', post, newId())).resolves.toMatchObject({ total: 1 });
  });

  it('is started by committers that lose against each other', async () => {
    const post = newId();
    const committers = [sets, newSets(), newSets(), newSets()];
    for (let round = 0; round < 30; round++)
      await Promise.all(newIds(4).map((user, i) => committers[i]!.add('likes', post, user)));
    await Promise.all(committers.map((committer) => committer.close()));
    const layout = await setStore.loadLayout({ kind: 'likes', id: post });
    expect(layout.length).toBeGreaterThan(1);
    await expect(sets.total('likes', post)).resolves.toBe(120);
  });
});
