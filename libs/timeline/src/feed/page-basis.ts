import type { UserId } from '#ids';
import type { InboxReading } from '#inbox';
import type { FeedSources } from '../build/sources-of.ts';
import type { Relations } from '../relations/relations.ts';

/** What a page is made of, apart from what is read through the cache. */
export interface PageBasis {
  readonly before: bigint;
  readonly limit: number;
  readonly reading: InboxReading;
  readonly relations: Relations;
  readonly sources: FeedSources;
}

/** Whose heads are merged with the inbox. */
export function mergedAuthors({ sources, relations }: PageBasis): UserId[] {
  return [...sources.pulled, ...sources.unmerged, relations.viewer];
}

/** Whether both lead to the same page, as long as the cache answers the same. Blocks are asked for with every page. */
export function isSameBasis(a: PageBasis, b: PageBasis): boolean {
  return (
    a.before === b.before &&
    a.limit === b.limit &&
    a.sources === b.sources &&
    areSameRelations(a.relations, b.relations) &&
    isSameReading(a.reading, b.reading)
  );
}

function areSameRelations(a: Relations, b: Relations): boolean {
  return a.follows === b.follows && a.muted === b.muted && !a.hasBlocks && !b.hasBlocks;
}

function isSameReading(a: InboxReading, b: InboxReading): boolean {
  return (
    a.header.floor === b.header.floor &&
    a.next === b.next &&
    a.atFloor === b.atFloor &&
    a.entries.length === b.entries.length &&
    a.entries.every(({ postId }, i) => postId === b.entries[i]?.postId)
  );
}
