import { countersOnLmdb } from './counters-on-lmdb.ts';
import { partitionOf } from '#counters';
import { idAt } from '#ids';
import { until } from '#test';
import { gate } from '../hot-cache/cache-world.ts';

let last = idAt(Date.UTC(2026, 4, 31, 23, 59, 59));
const newId = () => (last += 1n << 22n);
const rowAt = (member: bigint, subject: bigint) => ({ partition: partitionOf('likes', member, subject), subject });
const newIds = (count: number) => Array.from({ length: count }, newId);

describe.each([
  { name: 'between marks', inOnePiece: false },
  { name: 'in one piece', inOnePiece: true },
])('Memberships, $name', ({ inOnePiece }) => {
  const counters = countersOnLmdb(undefined, inOnePiece);
  const { sets, memberships, index, indexStore } = counters;
  afterAll(() => counters.close());

  it('keeps the set and the index in step', async () => {
    const [ann, post] = [newId(), newId()];
    const liked = await memberships.join('likes', ann, post, 77n);
    expect(liked).toMatchObject({ changed: true, total: 1, since: 77n });
    await expect(index.find('likes', ann, post)).resolves.toEqual({ joined: true, since: 77n, at: liked.at });
    await expect(sets.has('likes', post, ann)).resolves.toBe(true);
    await expect(memberships.join('likes', ann, post, 99n)).resolves.toMatchObject({ changed: false, since: 77n });
    await memberships.leave('likes', ann, post);
    await memberships.leave('likes', ann, post);
    await expect(index.find('likes', ann, post)).resolves.toBeUndefined();
    await expect(sets.total('likes', post)).resolves.toBe(0);
  });

  it('has what members like forgotten when the change shows, and answers after that', async () => {
    const [ann, bob, post] = [newId(), newId(), newId()];
    const seen: unknown[] = [];
    const retired = gate();
    const own = counters.newMemberships(sets, {
      onLiking: async (members) => {
        const [look] = await index.lookUp('likes', ann, [post]);
        seen.push([members, look?.firm === false || look?.value !== undefined]);
        await retired.passed;
      },
    });
    const answers: unknown[] = [];
    const liking = own.join('likes', ann, post).then((liked) => answers.push(liked.total));
    const importing = own.joinMany('likes', [
      { member: ann, subject: post, since: 1n },
      { member: bob, subject: post, since: 1n },
      { member: bob, subject: newId(), since: 1n },
    ]);
    void importing.then(() => answers.push('imported'));
    await until(
      () => sets.total('likes', post),
      (total) => total === 2 && seen.length === 2,
    );
    expect(seen).toEqual([
      [[ann], true],
      [[ann, bob], true],
    ]);
    expect(answers).toEqual([]);
    retired.open();
    await Promise.all([liking, importing]);
    await own.join('following', ann, bob);
    expect(seen).toHaveLength(2);
    await own.close();
  });

  it('says which answers hold until the next change begins', async () => {
    const [ann, liked, doubtful, other] = newIds(4) as [bigint, bigint, bigint, bigint];
    await memberships.join('likes', ann, liked);
    await memberships.close();
    await indexStore.mark([{ ...rowAt(ann, doubtful), mark: idAt(Date.now()) }]);
    const found = await index.lookUp('likes', ann, [doubtful, liked, other]);
    expect(found.map(({ value, firm }) => [value?.joined, firm])).toEqual([
      [undefined, false],
      [true, true],
      [undefined, true],
    ]);
  });

  it('finds the likes of a page that spans months', async () => {
    const ann = newId();
    const may = idAt(Date.UTC(2026, 4, 31, 23));
    const june = idAt(Date.UTC(2026, 5, 1));
    await memberships.join('likes', ann, may);
    await memberships.join('likes', ann, june);
    const found = await index.findMany('likes', ann, [june, june + 1n, may]);
    expect(found.map((state) => state?.joined)).toEqual([true, undefined, true]);
    expect(partitionOf('likes', ann, may).bucket).toBe(partitionOf('likes', ann, june).bucket - 1);
    await expect(index.page(partitionOf('likes', ann, june), 0n, 10)).resolves.toEqual({
      subjects: [june],
      next: undefined,
    });
  });

  it('looks at the set where a change was cut off, and confirms what is old enough', async () => {
    const [ann, bob, cid, dan] = newIds(4) as [bigint, bigint, bigint, bigint];
    const old = idAt(Date.now() - 120_000);
    const young = idAt(Date.now());
    const mark = (subject: bigint, id: bigint) =>
      indexStore.mark([{ partition: partitionOf('following', ann, subject), subject, mark: id }]);
    await mark(bob, old); // died before the commit
    await mark(cid, old); // died after it
    await sets.add('followers', cid, ann, 5n);
    await mark(dan, young); // under way
    await sets.add('followers', dan, ann, 6n);

    const found = await index.findMany('following', ann, [bob, cid, dan]);
    expect(found.map((state) => state?.since)).toEqual([undefined, 5n, 6n]);
    const rows = await indexStore.findMany(partitionOf('following', ann, 0n), [bob, cid, dan]);
    expect(rows.map((row) => row?.pending)).toEqual([undefined, [], [young]]);
    await expect(index.load(partitionOf('following', ann, 0n))).resolves.toEqual({
      subjects: BigUint64Array.of(cid, dan),
      since: BigUint64Array.of(5n, 6n),
    });
  });

  it('pages over rows in doubt without missing or repeating one', async () => {
    const ann = newId();
    const partition = partitionOf('following', ann, 0n);
    const followed = newIds(9);
    for (const [i, subject] of followed.entries()) {
      if (i % 3 === 1) await indexStore.mark([{ partition, subject, mark: 1n }]);
      else await memberships.join('following', ann, subject);
    }
    const first = await index.page(partition, 0n, 3);
    const rest = await index.page(partition, first.next!, 10);
    expect([...first.subjects, ...rest.subjects]).toEqual(followed.filter((_, i) => i % 3 !== 1));
  });

  it('ends right however the joins and leaves of one member interleave', async () => {
    const [ann, bob] = [newId(), newId()];
    const rival = counters.newMemberships(counters.newSets());
    for (let round = 0; round < 30; round++) {
      await Promise.all([
        memberships.join('following', ann, bob),
        rival.leave('following', ann, bob),
        memberships.leave('following', ann, bob),
        rival.join('following', ann, bob),
        memberships.leave('following', ann, bob),
      ]);
      await Promise.all([memberships.close(), rival.close()]);
      const [row] = await indexStore.findMany(partitionOf('following', ann, bob), [bob]);
      expect(row?.pending ?? []).toEqual([]);
      expect(row?.state?.joined ?? false).toBe(await sets.has('followers', bob, ann));
      await memberships.join('following', ann, bob);
    }
  });

  it('joins many at once, repeats included', async () => {
    const [ann, bob] = [newId(), newId()];
    const authors = newIds(1000);
    const all = [ann, bob].flatMap((member) => authors.map((subject) => ({ member, subject, since: 3n })));
    const changed = await memberships.joinMany('following', [...all, ...all.slice(0, 10)]);
    expect(changed.filter(Boolean)).toHaveLength(2000);
    await expect(sets.totals('followers', authors)).resolves.toEqual(authors.map(() => 2));
    const { subjects } = await index.load(partitionOf('following', bob, 0n));
    expect([...subjects]).toEqual(authors);
  });
});
