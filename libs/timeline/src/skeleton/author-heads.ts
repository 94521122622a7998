import type { UserId } from '#ids';
import { type AuthorHead, sliceOf } from '#presentation';
import type { AuthorTimelineStore } from '#storage';

/** A timeline below a position: what a reader goes on with behind a cached head. */
export async function readSlice(
  store: AuthorTimelineStore,
  author: UserId,
  before: bigint,
  limit: number,
): Promise<AuthorHead> {
  return sliceOf(await store.list(author, { before, limit }), limit);
}

/** The newest entry below a position; 0 when there is none, undefined when the slice does not reach that far. */
export function newestBelow({ ids, floor }: AuthorHead, before: bigint): bigint | undefined {
  for (const id of ids) if (id < before) return id;
  return floor === 0n ? 0n : undefined;
}
