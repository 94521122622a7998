import type { Entry } from '#inbox';
import type { AuthorHead } from '#presentation';
import type { Relations } from '../relations/relations.ts';
import type { FeedState } from './feed-page.ts';

export interface ScanStep {
  /** Newest first, each post once, below those of the step before. */
  readonly entries: readonly Entry[];
  /** The scan is over: `ended` at the very first post, or at a wall, above this position. */
  readonly stop: 'ended' | { readonly wall: bigint } | undefined;
}

/** Walks down a viewer's feed, entry by entry, before any rule is applied. */
export interface Scan {
  readonly relations: Relations;
  /** Of its pages, unless they come to a wall. */
  readonly state: FeedState;
  /** The heads that were merged, if nothing else was read beside the inbox. */
  readonly heads: readonly AuthorHead[] | undefined;
  take(count: number): Promise<ScanStep>;
}
