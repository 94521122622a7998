import type { UserId } from '#ids';
import type { AuthorHead } from '#presentation';
import type { AuthorTimelineStore } from '#storage';
import { newestBelow } from './author-heads.ts';

export interface PullChoice {
  readonly chosen: readonly { readonly author: UserId; readonly head: AuthorHead }[];
  /** The newest entry of those that were left out; undefined when nobody was. */
  readonly cut: bigint | undefined;
}

/**
 * Chooses which of too many pull authors a page merges: those with the newest posts below its position. Each of them has
 * a post above everything that is left out, so a page of up to `max` entries loses nothing and a scroll always moves on.
 */
export async function choosePullAuthors(
  store: AuthorTimelineStore,
  candidates: readonly { readonly author: UserId; readonly head: AuthorHead }[],
  before: bigint,
  max: number,
): Promise<PullChoice> {
  if (candidates.length <= max) return { chosen: candidates, cut: undefined };
  const newest = candidates.map(({ head }) => newestBelow(head, before));
  const unknown = candidates.filter((_, i) => newest[i] === undefined);
  const lists = await store.listMany(
    unknown.map(({ author }) => ({ author, before })),
    1,
  );
  const found = new Map(unknown.map(({ author }, i) => [author, lists[i]?.[0] ?? 0n]));
  const ranked = candidates
    .map((candidate, i) => ({ candidate, newest: newest[i] ?? found.get(candidate.author) ?? 0n }))
    .filter((one) => one.newest > 0n)
    .sort((a, b) => (a.newest < b.newest ? 1 : -1));
  return { chosen: ranked.slice(0, max).map((one) => one.candidate), cut: ranked[max]?.newest };
}
