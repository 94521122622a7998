import type { UserId } from '#ids';
import type { InboxHeader, InboxReading, InboxStore } from '#inbox';
import type { AuthorHead } from '#presentation';
import type { AuthorTimelineStore } from '#storage';
import type { Relations } from '../relations/relations.ts';
import { readSlice } from '../skeleton/author-heads.ts';
import type { PullChoice } from '../skeleton/pull-choice.ts';
import { SourceMerge } from '../skeleton/source-merge.ts';
import { AuthorSource, InboxSource, type InboxSlice, type Source } from '../skeleton/source.ts';
import type { FeedState } from './feed-page.ts';
import { OlderScan } from './older-scan.ts';
import type { Scan, ScanStep } from './scan.ts';

/** Posts of a pull author that a reader fetches at a time behind the cached head. */
const SLICE_ENTRIES = 50;

export interface WarmScanStores {
  readonly inboxes: InboxStore;
  readonly timelines: AuthorTimelineStore;
}

/** The usual case: the inbox merged with the pull authors' timelines down to the inbox's floor, then the older segment. */
export class WarmScan implements Scan {
  readonly state: FeedState;
  readonly #merge: SourceMerge;
  #older: OlderScan | undefined;
  #lowest: bigint;

  constructor(
    private readonly stores: WarmScanStores,
    readonly relations: Relations,
    private readonly reading: InboxReading,
    private readonly pull: PullChoice,
    before: bigint,
    limit: number,
  ) {
    this.#lowest = before;
    this.state = pull.cut === undefined ? 'complete' : 'degraded';
    this.#merge = new SourceMerge(this.#sources(before, limit), pull.cut);
  }

  get heads(): readonly AuthorHead[] | undefined {
    return this.#older || this.#merge.hasReadOn ? undefined : this.pull.chosen.map(({ head }) => head);
  }

  async take(count: number): Promise<ScanStep> {
    if (this.#older) return this.#older.take(count);
    const { entries, wall, ended } = await this.#merge.take(count);
    this.#lowest = entries.at(-1)?.postId ?? this.#lowest;
    if (ended) return { entries, stop: 'ended' };
    if (wall === undefined) return { entries, stop: undefined };
    if (wall === this.pull.cut) return { entries, stop: { wall } };
    this.#older = this.#goBelow(wall);
    const rest = await this.#older.take(count - entries.length);
    return { entries: [...entries, ...rest.entries], stop: rest.stop };
  }

  /** The floor's own post was dropped from the inbox; it may have been shown already, from its author's timeline. */
  #goBelow(floor: bigint): OlderScan {
    const before = floor + 1n < this.#lowest ? floor + 1n : this.#lowest;
    return openOlder(this.stores, this.relations, this.reading, before);
  }

  #sources(before: bigint, limit: number): Source[] {
    const { viewer } = this.relations;
    const readInbox = async (position: bigint): Promise<InboxSlice> => {
      const reading = await this.stores.inboxes.read(viewer, { before: position, limit });
      return reading ? sliceOf(reading) : lostAt(position);
    };
    const readOn = (author: UserId, position: bigint) =>
      readSlice(this.stores.timelines, author, position, SLICE_ENTRIES);
    const sources: Source[] = [new InboxSource(sliceOf(this.reading), readInbox)];
    for (const { author, head } of this.pull.chosen) sources.push(new AuthorSource(author, before, head, readOn));
    return sources;
  }
}

export function openOlder(
  { inboxes, timelines }: WarmScanStores,
  relations: Relations,
  { header, older }: Pick<InboxReading, 'older'> & { header: InboxHeader },
  before: bigint,
): OlderScan {
  return new OlderScan(inboxes, timelines, relations, header, older, before);
}

function sliceOf({ entries, atFloor, header, next }: InboxReading): InboxSlice {
  return { entries, atFloor, floor: atFloor ? header.floor : next };
}

/** The inbox went cold between two reads of one page: go on from the truth, right here. */
function lostAt(position: bigint): InboxSlice {
  return { entries: [], atFloor: true, floor: position - 1n };
}
