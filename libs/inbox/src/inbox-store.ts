import type { UserId } from '#ids';
import type { Entry } from './entry.ts';
import type { InboxHeader } from './inbox-header.ts';

export interface InboxQuery {
  /** Only entries with smaller post ids. */
  readonly before: bigint;
  readonly limit: number;
}

/** A stretch of a viewer's feed below the inbox: every followed author's posts with ids in (low, high]. */
export interface OlderSegment {
  readonly low: bigint;
  readonly high: bigint;
  /** The inbox's epoch, and the fingerprint of the follows, when it was made: it is good while both stay. */
  readonly epoch: bigint;
  readonly covered: bigint;
}

export interface InboxReading {
  readonly header: InboxHeader;
  /** Newest first, at most `limit`. */
  readonly entries: Entry[];
  /** Everything from this id up is known now: where to go on. Just above the floor when that was reached. */
  readonly next: bigint;
  /** Whether the inbox ended, at its floor, before `limit` was reached. */
  readonly atFloor: boolean;
  /** Read in the same step when the floor was reached and there is an older segment: its entries from there on. */
  readonly older: OlderReading | undefined;
}

export interface OlderReading {
  readonly segment: OlderSegment;
  /** Newest first. */
  readonly entries: Entry[];
  /** Everything from this id up, within the segment, is known now. Just above `low` at the segment's end. */
  readonly next: bigint;
}

export interface InboxMerge {
  /** Oldest first, each post once. */
  readonly entries: readonly Entry[];
  /** Set when an inbox is built: the new floor. */
  readonly floor?: bigint;
  readonly covered: bigint;
  readonly coveredAtMs: number;
}

/** How a big post should be delivered, so that others do not wait longer behind it than they need to. */
export interface DeliverySlices {
  /** Viewers for a call of `deliver`. */
  readonly viewers: number;
  /** Calls that one process has under way: as many as keep the store busy. */
  readonly atOnce: number;
}

/**
 * Inboxes: per viewer the newest pushed entries, in id order, each once. They are a cache: any of them may be gone at
 * any time ("cold"), and is built again from the author timelines when its viewer reads. Only warm ones are written.
 * Rejects with `unavailable` when the store of inboxes is away; after a rejection the change may have happened or not,
 * and all changes may be repeated.
 */
export abstract class InboxStore {
  abstract readonly slices: DeliverySlices;
  /**
   * Puts an entry into the warm ones among the viewers' inboxes.
   * @param viewers ids, 8 bytes each, big-endian
   * @returns how many took it (those that had it already and cold ones do not count)
   */
  abstract deliver(entry: Entry, viewers: Buffer): Promise<number>;
  /** Takes an entry out again, wherever it is. */
  abstract withdraw(entry: Entry, viewers: Buffer): Promise<void>;
  /** Undefined for a cold inbox. Reading keeps an inbox warm. One round trip. */
  abstract read(viewer: UserId, query: InboxQuery): Promise<InboxReading | undefined>;
  /**
   * Makes a cold inbox warm, empty and under construction, so that deliveries that arrive from now on are kept; leaves a
   * warm one as it is. Resolves to its header.
   * @param nonce a number not used before, for the versions in a new header
   */
  abstract open(viewer: UserId, nonce: bigint): Promise<InboxHeader>;
  /**
   * Merges entries into a warm inbox (those below its floor are dropped). False, and nothing done, for a cold one; and,
   * without a floor, for one under construction.
   */
  abstract merge(viewer: UserId, merge: InboxMerge): Promise<boolean>;
  /**
   * Says that a viewer's relations have changed: `relations` in a warm inbox's header becomes `nonce`. Resolves to what the
   * inbox covers; undefined for a cold one.
   */
  abstract touch(viewer: UserId, nonce: bigint): Promise<bigint | undefined>;
  /**
   * Removes all entries of an author, as long as the header is as it was seen: a follow that came since may have merged
   * the author in again.
   */
  abstract purge(viewer: UserId, author: UserId, seen: Pick<InboxHeader, 'relations' | 'covered'>): Promise<void>;
  /**
   * Adds a stretch to the older segment. It is appended when it goes on where the present segment ends and both are of
   * one kind; else it replaces it.
   * @param entries newest first
   */
  abstract extendOlder(viewer: UserId, stretch: OlderSegment, entries: readonly Entry[]): Promise<void>;
  /** Makes an inbox cold. */
  abstract drop(viewer: UserId): Promise<void>;
  /** Gives inboxes that would stay for ever (there should be none) their time to live; resolves to how many. */
  abstract vacuum(): Promise<number>;
  /** All entries of a warm inbox, oldest first: for audits. */
  abstract dump(viewer: UserId): Promise<{ header: InboxHeader; entries: Entry[] } | undefined>;
}
