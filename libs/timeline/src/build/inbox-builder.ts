import type { AuthorRoster } from '#fanout';
import { CLOCK_MARGIN_MS, isFilledIn } from '#fanout';
import { ABOVE_ALL_IDS, type UserId } from '#ids';
import type { InboxHeader, InboxStore } from '#inbox';
import type { Clock } from '#kernel';
import type { AuthorTimelineStore } from '#storage';
import type { RelationsReader } from '../relations/relations-reader.ts';
import type { Relations } from '../relations/relations.ts';
import { mergeTimelines } from '../skeleton/merge-timelines.ts';
import { pushAuthors, sourcesOf } from './sources-of.ts';

export interface InboxBuilderOptions {
  /** What an inbox holds at most. */
  readonly entriesMax: number;
  /** Numbers that are never used twice. */
  readonly nonce: () => bigint;
}

/** Work on an inbox that is under way. */
export interface Building {
  readonly done: Promise<void>;
  /** On the monotonic clock. */
  readonly beganAtMs: number;
}

/**
 * Fills inboxes from the truth: cold ones as a whole, warm ones with the authors they do not cover yet. Deliveries go on
 * meanwhile and are not lost: an inbox is opened before its authors' timelines are read, and a post is in its author's
 * timeline before it is delivered to anybody. Per viewer and process one build at a time; two processes doing the same
 * cost work and nothing else, since merging is idempotent.
 */
export class InboxBuilder {
  readonly #building = new Map<UserId, Building>();
  readonly #catchingUp = new Map<UserId, Building>();

  constructor(
    private readonly inboxes: InboxStore,
    private readonly relations: RelationsReader,
    private readonly timelines: AuthorTimelineStore,
    private readonly roster: AuthorRoster,
    private readonly clock: Clock,
    private readonly options: InboxBuilderOptions,
  ) {}

  /** Builds a cold inbox. */
  build(viewer: UserId): Building {
    return this.#once(this.#building, viewer, () => this.#build(viewer));
  }

  /** Brings a warm inbox up to date with the relations its header speaks of. */
  catchUp(viewer: UserId, header: InboxHeader): Building {
    return this.#once(this.#catchingUp, viewer, () => this.#catchUp(viewer, header));
  }

  async #build(viewer: UserId): Promise<void> {
    const header = await this.inboxes.open(viewer, this.options.nonce());
    const relations = await this.relations.get(viewer, header.relations);
    const pass = await this.#pass(pushAuthors(relations, this.roster));
    const floor = pass.floor === 0n ? 0n : pass.floor - 1n;
    await this.inboxes.merge(viewer, { entries: pass.entries.reverse(), floor, ...coverage(relations) });
  }

  async #catchUp(viewer: UserId, header: InboxHeader): Promise<void> {
    const relations = await this.relations.get(viewer, header.relations);
    const { pulled, unmerged } = sourcesOf(relations, header, this.roster);
    const { records } = this.roster;
    const missed = pulled.filter((author) => isFilledIn(records.get(author)));
    const pass = await this.#pass([...unmerged, ...missed]);
    await this.inboxes.merge(viewer, { entries: pass.entries.reverse(), ...coverage(relations) });
  }

  /** Joins what is under way for the viewer. */
  #once(running: Map<UserId, Building>, viewer: UserId, work: () => Promise<void>): Building {
    const present = running.get(viewer);
    if (present) return present;
    const begun = { done: work().finally(() => running.delete(viewer)), beganAtMs: this.clock.elapsed() };
    running.set(viewer, begun);
    return begun;
  }

  /** One entry more than an inbox holds: where there are others, trimming raises the floor above what was not fetched. */
  #pass(authors: UserId[]) {
    return mergeTimelines(this.timelines, authors, ABOVE_ALL_IDS, this.options.entriesMax + 1);
  }
}

function coverage({ follows, loadedAtMs }: Relations) {
  return { covered: follows.fingerprint, coveredAtMs: loadedAtMs };
}

/** Whether a merge would change what must be read besides the inbox. */
export function needsCatchUp(header: InboxHeader, relations: Relations, roster: AuthorRoster): boolean {
  if (header.covered !== relations.follows.fingerprint) return true;
  return sourcesOf(relations, header, roster).demotedAtMs <= relations.loadedAtMs - CLOCK_MARGIN_MS;
}
