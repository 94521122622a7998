import { newId } from './store-engine.ts';
import { type CountedSetStore, type CountedSubject, type Shard, type ShardCommit, SHARDS_MAX } from '#storage';

export function countedSetStoreContract(store: () => CountedSetStore): void {
  const newShard = (): Shard => ({ kind: 'likes', id: newId<bigint>(), generation: 0, shard: 0 });
  const ids = (count: number) => Array.from({ length: count }, () => newId<bigint>());
  const joining = (members: readonly bigint[], commitId = newId<bigint>(), total = members.length): ShardCommit => ({
    total,
    sealed: false,
    commitId,
    changes: members.map((member) => ({ member, since: member - 1n })),
  });
  const readOne = async (shard: Shard, members: readonly bigint[] = []) => {
    const [state] = await store().read([{ shard, members }]);
    return state!;
  };
  const listed = async (shard: Shard, after = 0n, limit = 1000) => {
    const bytes = await store().list(shard, after, limit);
    return Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readBigUInt64BE(8 * i));
  };

  describe('CountedSetStore', () => {
    it('knows an untouched shard as empty', async () => {
      const shard = newShard();
      const head = { total: 0, version: 0, sealed: false, commitId: 0n };
      await expect(readOne(shard, [1n])).resolves.toEqual({ ...head, since: [undefined] });
      await expect(store().heads([shard])).resolves.toEqual([head]);
      await expect(listed(shard)).resolves.toEqual([]);
    });

    it('writes head and members in one piece, and only over the version it was told', async () => {
      const shard = newShard();
      const [a, b, c] = ids(3) as [bigint, bigint, bigint];
      const first = joining([a, b]);
      await expect(store().commit(shard, 0, first)).resolves.toBe(true);
      await expect(store().commit(shard, 0, joining([c]))).resolves.toBe(false);
      await expect(store().commit(shard, 2, joining([c]))).resolves.toBe(false);
      const state = await readOne(shard, [c, b, a]);
      expect(state).toEqual({
        total: 2,
        version: 1,
        sealed: false,
        commitId: first.commitId,
        since: [undefined, b - 1n, a - 1n],
      });
      const second: ShardCommit = {
        total: 2,
        sealed: true,
        commitId: newId(),
        changes: [
          { member: a, since: undefined },
          { member: c, since: 7n },
        ],
      };
      await expect(store().commit(shard, 1, second)).resolves.toBe(true);
      await expect(readOne(shard, [a, b, c])).resolves.toEqual({
        total: 2,
        version: 2,
        sealed: true,
        commitId: second.commitId,
        since: [undefined, b - 1n, 7n],
      });
      await expect(listed(shard)).resolves.toEqual([b, c]);
    });

    it('lets one of many commits over the same version through', async () => {
      const shard = newShard();
      const rivals = ids(12).map((member) => joining([member]));
      const outcomes = await Promise.all(rivals.map((rival) => store().commit(shard, 0, rival)));
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      const winner = rivals[outcomes.indexOf(true)]!;
      await expect(readOne(shard)).resolves.toMatchObject({ total: 1, version: 1, commitId: winner.commitId });
      await expect(listed(shard)).resolves.toEqual([winner.changes[0]!.member]);
    });

    it('removes what is not there and keeps a commit without changes', async () => {
      const shard = newShard();
      const nothing: ShardCommit = { total: 0, sealed: true, commitId: 5n, changes: [] };
      await expect(
        store().commit(shard, 0, { ...nothing, sealed: false, changes: [{ member: 9n, since: undefined }] }),
      ).resolves.toBe(true);
      await expect(store().commit(shard, 1, nothing)).resolves.toBe(true);
      await expect(readOne(shard, [9n])).resolves.toMatchObject({ total: 0, version: 2, sealed: true });
    });

    it('keeps shards, generations, subjects and kinds apart', async () => {
      const base = newShard();
      const others: Shard[] = [
        { ...base, shard: 1 },
        { ...base, shard: SHARDS_MAX - 1 },
        { ...base, generation: 1 },
        { ...base, kind: 'followers' },
        { ...base, id: base.id + 1n },
      ];
      const member = newId<bigint>();
      await store().commit(base, 0, joining([member]));
      const heads = await store().heads([...others, base]);
      expect(heads.map((head) => head.total)).toEqual([0, 0, 0, 0, 0, 1]);
      const states = await store().read(others.map((shard) => ({ shard, members: [member] })));
      expect(states.flatMap((state) => state.since)).toEqual(others.map(() => undefined));
      for (const other of others) await expect(listed(other)).resolves.toEqual([]);
    });

    it('lists members ascending, from a position, up to a limit, through thousands', async () => {
      const shard = newShard();
      const members = ids(2500);
      const shuffled = members.toSorted((x, y) => Number((x % 977n) - (y % 977n)));
      for (let at = 0; at < shuffled.length; at += 250)
        await store().commit(shard, at / 250, joining(shuffled.slice(at, at + 250), newId(), at + 250));
      await expect(listed(shard, 0n, 10_000)).resolves.toEqual(members);
      await expect(listed(shard, 0n, 7)).resolves.toEqual(members.slice(0, 7));
      await expect(listed(shard, members[1200], 1100)).resolves.toEqual(members.slice(1201, 2301));
      await expect(listed(shard, members[2499], 10)).resolves.toEqual([]);
    });

    it('appends generations one at a time, for one of many who want to', async () => {
      const subject: CountedSubject = { kind: 'followers', id: newId() };
      await expect(store().loadLayout(subject)).resolves.toEqual([1]);
      const outcomes = await Promise.all([4, 8, 16].map((shards) => store().publish(subject, [1], shards)));
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      const layout = await store().loadLayout(subject);
      expect(layout).toEqual([1, [4, 8, 16][outcomes.indexOf(true)]]);
      await expect(store().publish(subject, [1], 4)).resolves.toBe(false);
      await expect(store().publish(subject, [...layout, 64], 256)).resolves.toBe(false);
      await expect(store().publish(subject, layout, SHARDS_MAX)).resolves.toBe(true);
      await expect(store().loadLayout(subject)).resolves.toEqual([...layout, SHARDS_MAX]);
      await expect(store().loadLayout({ ...subject, kind: 'likes' })).resolves.toEqual([1]);
    });

    it('keeps one pack for each shard', async () => {
      const shard = newShard();
      await expect(store().findPack(shard)).resolves.toBeUndefined();
      await store().putPack(shard, { version: 3, ids: Buffer.alloc(80_000, 1) });
      await store().putPack(shard, { version: 4, ids: Buffer.alloc(80_008, 2) });
      const pack = await store().findPack(shard);
      expect(pack?.version).toBe(4);
      expect(pack?.ids.equals(Buffer.alloc(80_008, 2))).toBe(true);
      await expect(store().findPack({ ...shard, shard: 1 })).resolves.toBeUndefined();
    });

    it('finds every subject that was ever written', async () => {
      const subjects = ids(7).map((id): CountedSubject => ({ kind: id % 2n ? 'replies' : 'posts', id }));
      for (const subject of subjects)
        for (const shard of [0, 1]) await store().commit({ ...subject, generation: 0, shard }, 0, joining([1n]));
      const found = new Set<string>();
      let after: Buffer | undefined;
      do {
        const page = await store().listSubjects(after, 3);
        for (const { kind, id } of page.subjects) found.add(`${kind} ${id}`);
        after = page.next;
      } while (after);
      for (const { kind, id } of subjects) expect(found).toContain(`${kind} ${id}`);
    });
  });
}
