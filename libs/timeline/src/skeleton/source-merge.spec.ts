import fc from 'fast-check';
import { ABOVE_ALL_IDS, type PostId, type UserId } from '#ids';
import type { Entry } from '#inbox';
import type { AuthorHead } from '#presentation';
import { AuthorSource, InboxSource } from './source.ts';
import { SourceMerge } from './source-merge.ts';

const author = (n: number) => BigInt(n + 1) as UserId;

/** A timeline served in slices of `size`; `reaches` says how far down the source can read at all (0: to the end). */
function sliced(ids: readonly bigint[], size: number) {
  return (before: bigint): AuthorHead => {
    const below = ids.filter((id) => id < before);
    const slice = below.slice(0, size);
    return { ids: BigUint64Array.from(slice), floor: below.length > size ? slice.at(-1)! : 0n };
  };
}

/** An inbox read `size` entries at a time. */
function inboxSource(entries: readonly Entry[], floor: bigint, size: number): InboxSource {
  const read = (before: bigint) => {
    const slice = entries.filter((e) => e.postId < before).slice(0, size);
    const atFloor = slice.length < size;
    return { entries: slice, floor: atFloor ? floor : slice.at(-1)!.postId, atFloor };
  };
  return new InboxSource(read(ABOVE_ALL_IDS), (before) => Promise.resolve(read(before)));
}

function authorSource(n: number, ids: readonly bigint[], size: number, before = ABOVE_ALL_IDS): AuthorSource {
  const read = sliced(ids, size);
  return new AuthorSource(author(n), before, read(ABOVE_ALL_IDS), (_author, position) =>
    Promise.resolve(read(position)),
  );
}

async function drain(merge: SourceMerge, count: number) {
  const entries: Entry[] = [];
  for (;;) {
    const taken = await merge.take(count);
    entries.push(...taken.entries);
    if (taken.ended || taken.wall !== undefined) return { ids: entries.map((e) => e.postId), wall: taken.wall };
    expect(taken.entries).toHaveLength(count);
  }
}

const descending = (ids: Iterable<bigint>) => [...new Set(ids)].sort((a, b) => (a < b ? 1 : -1));
const timeline = fc.uniqueArray(fc.bigInt({ min: 1n, max: 80n }), { maxLength: 30 }).map(descending);

describe('SourceMerge', () => {
  it('gives everything once, newest first, whatever the slices and the steps', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(timeline, { maxLength: 8 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 9 }),
        fc.bigInt({ min: 1n, max: 90n }),
        async (timelines, size, step, before) => {
          const merge = new SourceMerge(timelines.map((ids, n) => authorSource(n, ids, size, before)));
          const { ids, wall } = await drain(merge, step);
          expect(ids).toEqual(descending(timelines.flat()).filter((id) => id < before));
          expect(wall).toBeUndefined();
        },
      ),
    );
  });

  it('gives nothing from below a floor that does not move, and all that is above', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(timeline, { maxLength: 5 }),
        timeline,
        fc.bigInt({ min: 1n, max: 60n }),
        fc.integer({ min: 1, max: 9 }),
        async (timelines, inbox, floor, step) => {
          const entries = inbox
            .filter((id) => id > floor)
            .map((id) => ({ postId: id as PostId, authorId: author(99) }));
          const sources = timelines.map((ids, n) => authorSource(n, ids, 3));
          const { ids, wall } = await drain(new SourceMerge([...sources, inboxSource(entries, floor, 4)]), step);
          const above = [...timelines.flat(), ...inbox].filter(
            (id) => id >= floor && (id > floor || timelines.flat().includes(id)),
          );
          expect(ids).toEqual(descending(above));
          expect(wall).toBe(floor);
        },
      ),
    );
  });

  it('stops above a cut, also when all sources have ended', async () => {
    const sources = () => [authorSource(0, [50n, 30n, 10n], 2), authorSource(1, [40n], 2)];
    await expect(drain(new SourceMerge(sources(), 30n), 10)).resolves.toEqual({ ids: [50n, 40n], wall: 30n });
    await expect(drain(new SourceMerge(sources(), 5n), 10)).resolves.toEqual({ ids: [50n, 40n, 30n, 10n], wall: 5n });
    await expect(drain(new SourceMerge([], 5n), 10)).resolves.toEqual({ ids: [], wall: 5n });
  });

  it('knows its end without being asked for more', async () => {
    const merge = new SourceMerge([authorSource(0, [2n, 1n], 5)]);
    expect((await merge.take(1)).ended).toBe(false);
    expect((await merge.take(1)).ended).toBe(true);
  });

  it('keeps the author of each entry', async () => {
    const merge = new SourceMerge([
      authorSource(3, [9n], 5),
      inboxSource([{ postId: 8n as PostId, authorId: author(7) }], 0n, 4),
    ]);
    expect((await merge.take(5)).entries).toEqual([
      { postId: 9n, authorId: author(3) },
      { postId: 8n, authorId: author(7) },
    ]);
  });
});
