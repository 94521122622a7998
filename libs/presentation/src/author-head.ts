import { ABOVE_ALL_IDS, type UserId } from '#ids';
import type { AuthorTimelineStore } from '#storage';

/**
 * A stretch of an author's timeline, newest first, complete below the position it was read for and down to its floor;
 * floor 0: there is nothing older. As an author's head: the newest posts.
 */
export interface AuthorHead {
  readonly ids: BigUint64Array;
  readonly floor: bigint;
}

/** Enough for some pages of a reader who follows few. */
const HEAD_ENTRIES = 100;

export async function loadHeads(store: AuthorTimelineStore, authors: readonly UserId[]): Promise<AuthorHead[]> {
  const positions = authors.map((author) => ({ author, before: ABOVE_ALL_IDS }));
  const lists = await store.listMany(positions, HEAD_ENTRIES);
  return lists.map((ids) => sliceOf(ids, HEAD_ENTRIES));
}

/** What a read of up to `limit` entries says of a timeline. */
export function sliceOf(ids: readonly bigint[], limit: number): AuthorHead {
  return { ids: BigUint64Array.from(ids), floor: ids.length < limit ? 0n : (ids.at(-1) ?? 0n) };
}
