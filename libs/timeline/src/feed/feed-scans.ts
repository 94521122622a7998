import type { AuthorRoster } from '#fanout';
import type { UserId } from '#ids';
import { BUILDING, type InboxReading, type InboxStore } from '#inbox';
import { type Clock, finishesWithin, isAppError } from '#kernel';
import type { AuthorHead, HeldLookup } from '#presentation';
import type { AuthorTimelineStore } from '#storage';
import { type Building, type InboxBuilder, needsCatchUp } from '../build/inbox-builder.ts';
import { sourcesOf } from '../build/sources-of.ts';
import type { RelationsReader } from '../relations/relations-reader.ts';
import { choosePullAuthors, type PullChoice } from '../skeleton/pull-choice.ts';
import { mergedAuthors, type PageBasis } from './page-basis.ts';
import type { FeedState } from './feed-page.ts';
import type { Scan } from './scan.ts';
import { BelowScan } from './below-scan.ts';
import { TruthScan } from './truth-scan.ts';
import { WarmScan } from './warm-scan.ts';

export interface FeedScansOptions {
  readonly pullAuthorsMax: number;
  /** An inbox covered longer ago than this is built anew: the roster forgets demotions after that time. */
  readonly inboxIdleMs: number;
}

export interface FeedScansStores {
  readonly inboxes: InboxStore;
  readonly timelines: AuthorTimelineStore;
  readonly heads: HeldLookup<UserId, AuthorHead>;
  readonly relations: RelationsReader;
  readonly builder: InboxBuilder;
  readonly roster: AuthorRoster;
}

/**
 * How old the building of an inbox gets while readers wait for it; from then on they pull their pages from the truth. That reads
 * the same timelines again, so it is for a building that is stuck: where the store has too much to do, it would do it twice.
 */
const WAITED_FOR_MS = 2_000;

/** Authors that are read as pull sources for the sake of a follow; with more, the inbox is brought up to date first. */
const UNMERGED_MAX = 32;

/** Chooses, for each page, how a viewer's feed can be read now. */
export class FeedScans {
  constructor(
    private readonly stores: FeedScansStores,
    private readonly clock: Clock,
    private readonly options: FeedScansOptions,
  ) {}

  /** What a page is to be made of. */
  async begin(viewer: UserId, before: bigint, limit: number): Promise<PageBasis | TruthScan> {
    try {
      const ready = await this.#readyInbox(viewer, before, limit);
      return ready ? { before, limit, ...ready } : await this.#truth(viewer, before, 'complete');
    } catch (error) {
      return this.#truthInstead(error, viewer, before);
    }
  }

  async open(basis: PageBasis): Promise<Scan> {
    const { relations, reading, before, limit } = basis;
    if (before <= reading.header.floor + 1n) return new BelowScan(this.stores, relations, reading, before);
    try {
      return new WarmScan(this.stores, relations, reading, await this.#choose(basis), before, limit);
    } catch (error) {
      return this.#truthInstead(error, relations.viewer, before);
    }
  }

  /** Without Redis, or without a roster to rely on, there is still the truth. */
  async #truthInstead(error: unknown, viewer: UserId, before: bigint): Promise<TruthScan> {
    if (!isAppError(error, 'unavailable')) throw error;
    return this.#truth(viewer, before, 'degraded');
  }

  async #truth(viewer: UserId, before: bigint, state: FeedState): Promise<TruthScan> {
    return new TruthScan(this.stores.timelines, await this.stores.relations.load(viewer), before, state);
  }

  /** Undefined where a page can't wait for it. */
  async #readyInbox(viewer: UserId, before: bigint, limit: number) {
    const { inboxes, builder, relations: reader, roster } = this.stores;
    const read = () => inboxes.read(viewer, { before, limit });
    let reading = await read();
    if (!this.#isBuilt(reading)) {
      if (!(await this.#isDone(builder.build(viewer)))) return undefined;
      reading = await read();
      if (!this.#isBuilt(reading)) return undefined;
    }
    let relations = await reader.get(viewer, reading.header.relations);
    let sources = sourcesOf(relations, reading.header, roster);
    if (sources.unmerged.length > UNMERGED_MAX) {
      if (!(await this.#isDone(builder.catchUp(viewer, reading.header)))) return undefined;
      reading = await read();
      if (!this.#isBuilt(reading)) return undefined;
      relations = await reader.get(viewer, reading.header.relations);
      sources = sourcesOf(relations, reading.header, roster);
      if (sources.unmerged.length > UNMERGED_MAX) return undefined;
    } else if (needsCatchUp(reading.header, relations, roster)) {
      // In the background; until it is done, and if it fails, the authors in question are read as pull sources.
      builder.catchUp(viewer, reading.header).done.catch(() => undefined);
    }
    return { reading, relations, sources };
  }

  #isBuilt(reading: InboxReading | undefined): reading is InboxReading {
    if (!reading || reading.header.floor === BUILDING) return false;
    return this.clock.now() - reading.header.coveredAtMs < this.options.inboxIdleMs;
  }

  async #choose(basis: PageBasis): Promise<PullChoice> {
    const { pulled } = basis.sources;
    const authors = mergedAuthors(basis);
    const heads = await this.stores.heads.getMany(authors);
    const all = authors.map((author, i) => ({ author, head: heads[i] ?? NO_POSTS }));
    const { pullAuthorsMax } = this.options;
    if (pulled.length <= pullAuthorsMax) return { chosen: all, cut: undefined };
    const celebrities = all.slice(0, pulled.length);
    const { chosen, cut } = await choosePullAuthors(this.stores.timelines, celebrities, basis.before, pullAuthorsMax);
    return { chosen: [...chosen, ...all.slice(pulled.length)], cut };
  }

  /** Waits as long as anybody does. The work goes on in any case. */
  #isDone({ done, beganAtMs }: Building): Promise<boolean> {
    return finishesWithin(done, Math.max(0, beganAtMs + WAITED_FOR_MS - this.clock.elapsed()), this.clock);
  }
}

const NO_POSTS: AuthorHead = { ids: new BigUint64Array(0), floor: 0n };
