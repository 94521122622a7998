import fc from 'fast-check';
import type { PostId, UserId } from '#ids';
import { AuthorTimelineStore, type TimelinePosition } from '#storage';
import { mergeTimelines } from './merge-timelines.ts';

/** Timelines in memory, counting what is read: the algorithm is what is tested here, engines have a contract suite. */
class Timelines extends AuthorTimelineStore {
  reads = 0;
  rounds = 0;

  constructor(private readonly byAuthor: readonly (readonly bigint[])[]) {
    super();
  }

  list(): Promise<PostId[]> {
    return Promise.reject(new Error('not used'));
  }

  listAfter(): Promise<PostId[]> {
    return Promise.reject(new Error('not used'));
  }

  async listMany(positions: readonly TimelinePosition[], limit: number): Promise<PostId[][]> {
    this.rounds++;
    this.reads += positions.length;
    return positions.map(
      ({ author, before }) =>
        (this.byAuthor[Number(author) - 1] ?? []).filter((id) => id < before).slice(0, limit) as PostId[],
    );
  }
}

const authorsOf = (count: number) => Array.from({ length: count }, (_, i) => BigInt(i + 1) as UserId);

describe('mergeTimelines', () => {
  it('finds the newest posts of all, and pages to the very first', async () => {
    // Every id belongs to one author, as post ids do.
    const world = fc.uniqueArray(fc.bigInt({ min: 1n, max: 300n }), { maxLength: 120 }).chain((ids) =>
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: ids.length, maxLength: ids.length }).map((owners) => {
        const timelines: bigint[][] = Array.from({ length: 10 }, () => []);
        ids.sort((a, b) => (a < b ? 1 : -1)).forEach((id, i) => timelines[Math.min(owners[i]!, 9)]!.push(id));
        return { ids, timelines };
      }),
    );
    await fc.assert(
      fc.asyncProperty(world, fc.integer({ min: 1, max: 40 }), async ({ ids, timelines }, count) => {
        const found: bigint[] = [];
        for (let before = 1000n; ;) {
          const pass = await mergeTimelines(new Timelines(timelines), authorsOf(10), before, count);
          found.push(...pass.entries.map((e) => e.postId));
          for (const { postId, authorId } of pass.entries) expect(timelines[Number(authorId) - 1]).toContain(postId);
          if (pass.floor === 0n) break;
          expect(pass.floor).toBe(found.at(-1));
          before = pass.floor;
        }
        expect(found).toEqual(ids);
      }),
    );
  });

  it('reads on only where it must: one prolific author among 5,000 costs a few more reads', async () => {
    const quiet = Array.from({ length: 4_999 }, (_, i) => [BigInt(i + 1)]);
    const prolific = Array.from({ length: 5_000 }, (_, i) => BigInt(20_000 - i));
    const store = new Timelines([prolific, ...quiet]);
    const pass = await mergeTimelines(store, authorsOf(5_000), 1n << 62n, 800);
    expect(pass.entries.map((e) => e.postId)).toEqual(prolific.slice(0, 800));
    expect(store.reads).toBeLessThan(5_010);
  });

  it('answers nobody with nothing', async () => {
    await expect(mergeTimelines(new Timelines([]), [], 5n, 10)).resolves.toEqual({ entries: [], floor: 0n });
  });
});
