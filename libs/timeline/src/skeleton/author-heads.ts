import type { UserId } from '#ids';
import type { AuthorTimelineStore } from '#storage';
import type { TimelineSlice } from './source.ts';

/** Entries of an author's timeline that are cached: enough for some pages of a reader who follows few. */
export const HEAD_ENTRIES = 100;

/** The newest posts of an author, as they are cached. */
export type AuthorHead = TimelineSlice;

export async function loadHeads(
  store: AuthorTimelineStore,
  authors: readonly UserId[],
  top: bigint,
): Promise<AuthorHead[]> {
  const lists = await store.listMany(
    authors.map((author) => ({ author, before: top })),
    HEAD_ENTRIES,
  );
  return lists.map((ids) => sliceOf(ids, HEAD_ENTRIES));
}

/** A timeline below a position: what a reader goes on with behind a cached head. */
export async function readSlice(
  store: AuthorTimelineStore,
  author: UserId,
  before: bigint,
  limit: number,
): Promise<TimelineSlice> {
  return sliceOf(await store.list(author, { before, limit }), limit);
}

function sliceOf(ids: readonly bigint[], limit: number): TimelineSlice {
  return { ids: BigUint64Array.from(ids), floor: ids.length < limit ? 0n : (ids.at(-1) ?? 0n) };
}

/** The newest entry below a position; 0 when there is none, undefined when the slice does not reach that far. */
export function newestBelow({ ids, floor }: TimelineSlice, before: bigint): bigint | undefined {
  for (const id of ids) if (id < before) return id;
  return floor === 0n ? 0n : undefined;
}
