import type { UserId } from '#ids';
import type { AuthorTimelineStore } from '#storage';
import type { Relations } from '../relations/relations.ts';
import { mergeTimelines } from '../skeleton/merge-timelines.ts';
import type { FeedState } from './feed-page.ts';
import type { Scan, ScanStep } from './scan.ts';

/** Pulls everything from the author timelines: the feed as it is defined, at the price of reading every author. */
export class TruthScan implements Scan {
  readonly heads = undefined;

  constructor(
    private readonly timelines: AuthorTimelineStore,
    readonly relations: Relations,
    private before: bigint,
    /** `degraded` where it stands in for an inbox that can't be had; it lacks nothing itself. */
    readonly state: FeedState,
  ) {}

  async take(count: number): Promise<ScanStep> {
    const pass = await mergeTimelines(this.timelines, allAuthors(this.relations), this.before, count);
    this.before = pass.floor;
    return { entries: pass.entries, stop: pass.floor === 0n ? 'ended' : undefined };
  }
}

/** Whose posts make up a viewer's feed: those they follow, and their own. */
export function allAuthors({ follows, viewer }: Relations): UserId[] {
  return [...(follows.ids as Iterable<UserId>), viewer];
}
