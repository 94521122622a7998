import type { AuthorRoster } from '#fanout';
import { ABOVE_ALL_IDS, type UserId } from '#ids';
import { BUILDING, type InboxStore } from '#inbox';
import type { AuthorTimelineStore } from '#storage';
import type { InboxBuilder } from '../build/inbox-builder.ts';
import { sourcesOf } from '../build/sources-of.ts';
import { allAuthors } from '../feed/truth-scan.ts';
import type { RelationsReader } from '../relations/relations-reader.ts';
import { mergeTimelines } from '../skeleton/merge-timelines.ts';

export interface FeedAudit {
  readonly inbox: 'warm' | 'cold' | 'building';
  readonly entries: number;
  readonly floor: bigint;
  /** Posts above the floor that readers would not find, neither in the inbox nor through a pull source. */
  readonly missing: readonly bigint[];
  /** Entries whose author is not followed, or whose post is gone: hidden by the rules, and waiting to be cleaned up. */
  readonly extra: readonly bigint[];
}

/** Compares inboxes with the truth, and makes them anew. */
export class FeedRepair {
  constructor(
    private readonly inboxes: InboxStore,
    private readonly relations: RelationsReader,
    private readonly timelines: AuthorTimelineStore,
    private readonly builder: InboxBuilder,
    private readonly roster: AuthorRoster,
  ) {}

  /** @param entriesMax how many of the newest posts of the truth are compared. */
  async audit(viewer: UserId, entriesMax: number): Promise<FeedAudit> {
    const inbox = await this.inboxes.dump(viewer);
    if (!inbox) return { inbox: 'cold', entries: 0, floor: 0n, missing: [], extra: [] };
    const { header, entries } = inbox;
    if (header.floor === BUILDING)
      return { inbox: 'building', entries: entries.length, floor: 0n, missing: [], extra: [] };
    const relations = await this.relations.load(viewer);
    const truth = await mergeTimelines(this.timelines, allAuthors(relations), ABOVE_ALL_IDS, entriesMax);
    const lowest = truth.floor > header.floor ? truth.floor : header.floor + 1n;
    const { pulled, unmerged } = sourcesOf(relations, header, this.roster);
    const readBesides = new Set([...pulled, ...unmerged, viewer]);
    const expected = new Map(truth.entries.map(({ postId, authorId }) => [postId, authorId]));
    const present = new Set(entries.map(({ postId }) => postId));
    return {
      inbox: 'warm',
      entries: entries.length,
      floor: header.floor,
      missing: [...expected]
        .filter(([id, author]) => id >= lowest && !present.has(id) && !readBesides.has(author))
        .map(([id]) => id),
      extra: [...present].filter((id) => id >= lowest && !expected.has(id)),
    };
  }

  /** Throws an inbox away and builds it from the truth. */
  async rebuild(viewer: UserId): Promise<void> {
    await this.inboxes.drop(viewer);
    await this.builder.build(viewer).done;
  }
}
