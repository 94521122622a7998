import { LATE_MS } from '#fanout';
import { idAt } from '#ids';
import type { Entry, InboxHeader, InboxStore, OlderReading, OlderSegment } from '#inbox';
import type { AuthorTimelineStore } from '#storage';
import type { Relations } from '../relations/relations.ts';
import { mergeTimelines } from '../skeleton/merge-timelines.ts';
import type { ScanStep } from './scan.ts';
import { allAuthors } from './truth-scan.ts';

/** Entries that one pass over all authors adds to a viewer's older segment: then it serves some 40 pages. */
const STRETCH_ENTRIES = 800;

/**
 * The feed below the inbox. It is served from a segment that is kept for some minutes and holds all authors' posts of a
 * stretch of ids; where that ends, one pass over the followed authors makes it longer.
 */
export class OlderScan {
  #entries: readonly Entry[] = [];
  #at = 0;
  /** Everything from this id up is known. */
  #next: bigint;
  /** How far down the kept segment reaches; undefined when there is none that can be used. */
  #low: bigint | undefined;

  /** @param older what the reading of the inbox brought along, if anything. */
  constructor(
    private readonly inboxes: InboxStore,
    private readonly timelines: AuthorTimelineStore,
    private readonly relations: Relations,
    private readonly header: InboxHeader,
    older: OlderReading | undefined,
    before: bigint,
  ) {
    this.#next = before;
    this.#use(older);
  }

  async take(count: number): Promise<ScanStep> {
    const entries: Entry[] = [];
    for (;;) {
      const given = this.#entries.slice(this.#at, this.#at + count - entries.length);
      this.#at += given.length;
      entries.push(...given);
      const ended = this.#at >= this.#entries.length && this.#next <= 1n;
      if (ended || entries.length === count) return { entries, stop: ended ? 'ended' : undefined };
      await (this.#low !== undefined && this.#low + 1n < this.#next ? this.#readOn(count) : this.#extend());
    }
  }

  /** Takes over what a reading of the segment brought, if it is good and begins where we are. */
  #use(older: OlderReading | undefined): void {
    this.#low = undefined;
    if (!older || !this.#isUsable(older.segment)) return;
    this.#low = older.segment.low;
    this.#entries = older.entries.filter((entry) => entry.postId < this.#next);
    this.#at = 0;
    this.#next = older.next;
  }

  #isUsable({ low, high, epoch, covered }: OlderSegment): boolean {
    if (epoch !== this.header.epoch || covered !== this.relations.follows.fingerprint) return false;
    return low + 1n < this.#next && this.#next <= high + 1n;
  }

  async #readOn(count: number): Promise<void> {
    const query = { before: this.#next, limit: count };
    const reading = await this.inboxes.read(this.relations.viewer, query).catch(() => undefined);
    this.#use(reading?.header.epoch === this.header.epoch ? reading.older : undefined);
  }

  async #extend(): Promise<void> {
    const before = this.#next;
    const { viewer } = this.relations;
    const pass = await mergeTimelines(this.timelines, allAuthors(this.relations), before, STRETCH_ENTRIES);
    this.#entries = pass.entries;
    this.#at = 0;
    this.#next = pass.floor;
    const stretch = this.#keepable(before - 1n, pass.floor === 0n ? 0n : pass.floor - 1n);
    if (stretch.high <= stretch.low) return;
    const entries = pass.entries.filter((entry) => entry.postId <= stretch.high);
    // A cache: what can't be kept is made again.
    await this.inboxes.extendOlder(viewer, stretch, entries).catch(() => undefined);
  }

  /** Of what was just read: a pull author's post whose id is made already may still be on its way into its timeline. */
  #keepable(top: bigint, low: bigint): OlderSegment {
    const { follows, loadedAtMs } = this.relations;
    const settled = idAt(loadedAtMs - LATE_MS);
    const high = top < settled ? top : settled;
    return { low, high, epoch: this.header.epoch, covered: follows.fingerprint };
  }
}
