import { countersOnLmdb } from './counters-on-lmdb.ts';
import { encodePosition, type Position } from '#counters';
import { seededChance } from '#test';

const counters = countersOnLmdb();
const { sets, newSets } = counters;
afterAll(() => counters.close());

let last = 1000n;
const newId = () => (last += 1n << 22n);
const newIds = (count: number) => Array.from({ length: count }, newId);

async function members(post: bigint, limit = 1000): Promise<bigint[]> {
  const found: bigint[] = [];
  let after: Position | undefined;
  do {
    const page = await sets.page('likes', post, { after, limit });
    found.push(...page.members);
    after = page.next;
  } while (after);
  return found;
}

describe('CountedSets', () => {
  it('adds once, removes once, and says what changed', async () => {
    const [post, ann] = [newId(), newId()];
    const added = await sets.add('likes', post, ann, 5n);
    expect(added).toEqual({
      changed: true,
      since: 5n,
      total: 1,
      at: { generation: 0, shard: 0, total: 1, version: 1 },
    });
    await expect(sets.add('likes', post, ann, 6n)).resolves.toEqual({ ...added, changed: false });
    await expect(sets.has('likes', post, ann)).resolves.toBe(true);
    await expect(sets.remove('likes', post, ann)).resolves.toMatchObject({ changed: true, since: undefined, total: 0 });
    await expect(sets.remove('likes', post, ann)).resolves.toMatchObject({ changed: false, total: 0 });
    await expect(sets.has('likes', post, ann)).resolves.toBe(false);
  });

  it('answers many at once, in order', async () => {
    const [a, b, c] = newIds(3) as [bigint, bigint, bigint];
    await Promise.all(newIds(3).map((user) => sets.add('likes', a, user)));
    const fan = newId();
    await sets.add('likes', c, fan);
    await expect(sets.totals('likes', [c, b, a])).resolves.toEqual([1, 0, 3]);
    await expect(sets.total('likes', b)).resolves.toBe(0);
    await expect(sets.hasMany('likes', c, [newId(), fan, fan])).resolves.toEqual([false, true, true]);
    await expect(sets.hasMany('reposts', c, [fan])).resolves.toEqual([false]);
  });

  it('commits what comes together together', async () => {
    const post = newId();
    const outcomes = await Promise.all(newIds(401).map((user) => sets.add('likes', post, user)));
    const commits = new Set(outcomes.map(({ at }) => at.version));
    expect(commits.size).toBe(3); // the first alone, then groups of 200
    expect(outcomes.at(-1)?.total).toBe(401);
  });

  it('takes the operations on one member in one group in their order', async () => {
    const [post, ann, bob] = newIds(3) as [bigint, bigint, bigint];
    const outcomes = await Promise.all([
      sets.add('likes', post, newId()),
      sets.add('likes', post, ann, 1n),
      sets.add('likes', post, ann, 2n),
      sets.remove('likes', post, ann),
      sets.remove('likes', post, bob),
      sets.add('likes', post, bob, 3n),
      sets.remove('likes', post, ann),
    ]);
    expect(outcomes.map(({ changed }) => changed)).toEqual([true, true, false, true, false, true, false]);
    await expect(sets.hasMany('likes', post, [ann, bob])).resolves.toEqual([false, true]);
    await expect(sets.total('likes', post)).resolves.toBe(2);
  });

  it('stays exact when several committers fight for one shard', async () => {
    const post = newId();
    const users = newIds(300);
    const rivals = [sets, newSets(), newSets()];
    const chance = seededChance(7);
    const pick = () => rivals[Math.floor(chance() * rivals.length)]!;
    await Promise.all(users.flatMap((user) => [pick().add('likes', post, user), pick().add('likes', post, user)]));
    const changes = await Promise.all(users.slice(0, 150).map((user) => pick().remove('likes', post, user)));
    expect(changes.every(({ changed }) => changed)).toBe(true);
    const left = await members(post);
    expect(left).toEqual(users.slice(150));
    await expect(sets.total('likes', post)).resolves.toBe(150);
  });

  it('lists members page by page while others come and go', async () => {
    const post = newId();
    const users = newIds(250);
    await Promise.all(users.map((user) => sets.add('likes', post, user)));
    const first = await sets.page('likes', post, { limit: 100 });
    await sets.remove('likes', post, users[0]!);
    await sets.remove('likes', post, users[200]!);
    const rest = await sets.page('likes', post, { after: first.next, limit: 1000 });
    expect([...first.members, ...rest.members]).toEqual(users.filter((_, i) => i !== 200));
    expect(rest.next).toBeUndefined();
    expect(encodePosition(first.next!).length).toBeLessThanOrEqual(32);
    await expect(sets.page('likes', newId(), { limit: 5 })).resolves.toEqual({ members: [], next: undefined });
  });

  it('packs chapters, and packs them anew when they have changed', async () => {
    const author = newId();
    const followers = newIds(600);
    await Promise.all(followers.map((user) => sets.add('followers', author, user)));
    const [chapter, ...others] = await sets.chapters('followers', author);
    expect(others).toEqual([]);
    const unpack = async () => {
      const bytes = await sets.pack('followers', author, chapter!);
      return Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readBigUInt64BE(8 * i));
    };
    await expect(unpack()).resolves.toEqual(followers);
    const shard = { kind: 'followers', id: author, generation: 0, shard: 0 } as const;
    const pack = await counters.setStore.findPack(shard);
    expect(pack?.ids.length).toBe(4800);
    await counters.setStore.putPack(shard, { version: pack!.version, ids: pack!.ids.subarray(0, 8) });
    await expect(unpack()).resolves.toEqual(followers.slice(0, 1)); // it is the pack that is read
    await sets.remove('followers', author, followers[0]!);
    await expect(unpack()).resolves.toEqual(followers.slice(1));
    await expect(sets.chapters('followers', newId())).resolves.toEqual([]);
  });
});
