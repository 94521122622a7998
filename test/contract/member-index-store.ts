import { newId } from './store-engine.ts';
import type { IndexPartition, IndexSettlement, IndexState, MemberIndexStore } from '#storage';

export function memberIndexStoreContract(store: () => MemberIndexStore): void {
  const newPartition = (bucket = 0): IndexPartition => ({ kind: 'following', member: newId<bigint>(), bucket });
  const state = (joined: boolean, generation: number, version: number): IndexState => ({
    joined,
    since: BigInt(100 + version),
    at: { generation, shard: 3, total: 70_000, version },
  });
  const settle = (partition: IndexPartition, subject: bigint, s: IndexState, ...marks: bigint[]) =>
    store().settle([{ partition, subject, marks, state: s }]);
  const row = async (partition: IndexPartition, subject: bigint) => {
    const [found] = await store().findMany(partition, [subject]);
    return found;
  };

  describe('MemberIndexStore', () => {
    it('marks a row, settles it, and forgets one that is settled as not joined', async () => {
      const p = newPartition();
      await expect(row(p, 8n)).resolves.toBeUndefined();
      await store().mark([{ partition: p, subject: 8n, mark: 1n }]);
      await store().mark([{ partition: p, subject: 8n, mark: 1n }]);
      await expect(row(p, 8n)).resolves.toEqual({ subject: 8n, state: undefined, pending: [1n] });
      await settle(p, 8n, state(true, 0, 5), 1n);
      await settle(p, 8n, state(true, 0, 5), 1n);
      await expect(row(p, 8n)).resolves.toEqual({ subject: 8n, state: state(true, 0, 5), pending: [] });
      await store().mark([{ partition: p, subject: 8n, mark: 2n }]);
      await settle(p, 8n, state(false, 0, 6), 2n);
      await expect(store().list(p, 0n, 10)).resolves.toEqual([]);
      const gone = await row(p, 8n);
      expect(gone?.state?.joined ?? false).toBe(false);
      expect(gone?.pending ?? []).toEqual([]);
    });

    it('keeps the state of the later moment and the marks of others, in whatever order they come', async () => {
      const moments = [state(true, 0, 9), state(false, 0, 10), state(true, 1, 2)];
      for (const order of [
        [0, 1, 2],
        [2, 1, 0],
        [1, 2, 0],
        [2, 0, 1],
      ]) {
        const p = newPartition();
        await store().mark(moments.map((_, i) => ({ partition: p, subject: 8n, mark: BigInt(i + 1) })));
        for (const i of order) {
          const found = await row(p, 8n);
          expect(found?.pending).toContain(BigInt(i + 1));
          await settle(p, 8n, moments[i]!, BigInt(i + 1));
        }
        await expect(row(p, 8n)).resolves.toEqual({ subject: 8n, state: moments[2], pending: [] });
      }
    });

    it('keeps partitions apart: kinds, members, buckets', async () => {
      const p = newPartition(7);
      await settle(p, 8n, state(true, 0, 1));
      const others: IndexPartition[] = [
        { ...p, bucket: 8 },
        { ...p, member: p.member + 1n },
        { ...p, kind: 'likes' },
      ];
      for (const other of others) {
        await expect(row(other, 8n)).resolves.toBeUndefined();
        await expect(store().list(other, 0n, 10)).resolves.toEqual([]);
      }
    });

    it('answers many in the order asked for', async () => {
      const p = newPartition();
      await settle(p, 4n, state(true, 0, 1));
      await settle(p, 2n, state(true, 0, 2));
      const found = await store().findMany(p, [2n, 3n, 4n]);
      expect(found.map((r) => r?.state?.at.version)).toEqual([2, undefined, 1]);
    });

    it.each([0, 1, 4, 100])('answers a page of them, whether few or many others lie between (%d)', async (between) => {
      const p = newPartition();
      const subjects = Array.from({ length: 20 }, (_, i) => BigInt(1000 * (i + 1)));
      const joined = subjects.filter((_, i) => i % 3 === 0);
      const others = Array.from({ length: between }, (_, i) => 5001n + BigInt(i));
      const beside = [999n, 20_001n];
      for (const subject of [...joined, ...others, ...beside]) await settle(p, subject, state(true, 0, 1));
      await store().mark([{ partition: p, subject: subjects[1]!, mark: 9n }]);
      const asked = [...subjects].reverse();
      const found = await store().findMany(p, asked);
      expect(found.map((r) => r?.state !== undefined)).toEqual(asked.map((subject) => joined.includes(subject)));
      expect(found.map((r) => r?.subject ?? 0n)).toEqual(
        asked.map((subject) => (joined.includes(subject) || subject === subjects[1] ? subject : 0n)),
      );
      expect(found.at(-2)?.pending).toEqual([9n]);
    });

    it('lists and loads thousands, ascending, with the doubtful ones said', async () => {
      const p = newPartition();
      const subjects = Array.from({ length: 2300 }, () => newId<bigint>());
      const settlements = subjects.map((subject): IndexSettlement => ({
        partition: p,
        subject,
        marks: [],
        state: { ...state(true, 2, 3), since: subject },
      }));
      await store().settle(settlements.toReversed());
      const [doubtful, odd, left] = subjects as [bigint, bigint, bigint];
      await store().mark([{ partition: p, subject: doubtful, mark: 5n }]);
      await settle(p, left, state(false, 2, 4));
      const unsettled = newId<bigint>();
      await store().mark([{ partition: p, subject: unsettled, mark: 6n }]);

      const contents = await store().load(p);
      expect([...contents.subjects]).toEqual([odd, ...subjects.slice(3)]);
      expect([...contents.since]).toEqual([odd, ...subjects.slice(3)]);
      expect(contents.doubtful.map((r) => [r.subject, r.pending])).toEqual([
        [doubtful, [5n]],
        [unsettled, [6n]],
      ]);

      const first = await store().list(p, 0n, 2);
      expect(first.map((r) => r.subject)).toEqual([doubtful, odd]);
      const rest = await store().list(p, odd, 5000);
      expect(rest.map((r) => r.subject)).toEqual([...subjects.slice(3), unsettled]);
    });
  });
}
