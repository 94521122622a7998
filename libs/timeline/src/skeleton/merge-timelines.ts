import type { PostId, UserId } from '#ids';
import type { Entry } from '#inbox';
import type { AuthorTimelineStore, TimelinePosition } from '#storage';

export interface TimelinePass {
  /** Newest first, at most as many as asked for. */
  readonly entries: Entry[];
  /** Complete down to this id, which is the last entry's; 0: there is nothing older. */
  readonly floor: bigint;
}

/** How many entries of each author the first round reads for each that they would have to give on average. */
const SKEW = 4;
const GROWTH = 4;

/**
 * The newest posts of many authors below a position, from the truth: their author timelines. Reads a little of every
 * timeline, then more only of those that reach into the result with their last entry (the threshold algorithm of Fagin,
 * Lotem and Naor, PODS 2001, for sorted access): two rounds for most, however unequal the authors are.
 */
export async function mergeTimelines(
  store: AuthorTimelineStore,
  authors: readonly UserId[],
  before: bigint,
  count: number,
): Promise<TimelinePass> {
  const found: Entry[] = [];
  let open: TimelinePosition[] = authors.map((author) => ({ author, before }));
  let limit = initialLimit(count, authors.length);
  for (;;) {
    const lists = await store.listMany(open, limit);
    const cut = collect(open, lists, limit, found);
    found.sort(newestFirst);
    if (found.length > count) found.length = count;
    const threshold = found.length === count ? (found[count - 1]?.postId ?? 0n) : 0n;
    open = cut.filter((position) => position.before > threshold);
    if (open.length === 0) return { entries: found, floor: threshold };
    limit = Math.min(count, limit * GROWTH);
  }
}

/** Adds the lists to what was found; returns where the lists that may go on do so. */
function collect(
  from: readonly TimelinePosition[],
  lists: PostId[][],
  limit: number,
  found: Entry[],
): TimelinePosition[] {
  const cut: TimelinePosition[] = [];
  from.forEach(({ author }, i) => {
    const ids = lists[i] ?? [];
    for (const postId of ids) found.push({ postId, authorId: author });
    const last = ids.at(-1);
    if (last !== undefined && ids.length === limit) cut.push({ author, before: last });
  });
  return cut;
}

function initialLimit(count: number, authors: number): number {
  return Math.min(count, Math.max(2, Math.floor((count * SKEW) / Math.max(1, authors))));
}

function newestFirst(a: Entry, b: Entry): number {
  return a.postId < b.postId ? 1 : a.postId > b.postId ? -1 : 0;
}
