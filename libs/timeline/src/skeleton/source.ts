import type { PostId, UserId } from '#ids';

/**
 * A stretch of one author's timeline, newest first, complete for all ids below the position it was read for and above
 * its floor; floor 0: there is nothing older.
 */
export interface TimelineSlice {
  readonly ids: BigUint64Array;
  readonly floor: bigint;
}

/** Reads on below a position. */
export type ReadOn = (before: bigint) => Promise<TimelineSlice>;

/**
 * One stream of entries in a merge, newest first. It is either at an entry (`head` is its post id), or at a wall: the
 * floor below which it knows nothing yet (`head` is that floor), or at its end (`head` is -1).
 */
export abstract class Source {
  head = -1n;
  wall = false;

  abstract readonly author: UserId;
  /** Steps past the entry at the head. */
  abstract advance(): void;
  /** Whether the wall can be moved by `readOn`. */
  abstract readonly extensible: boolean;
  /** Reads what lies behind the wall. */
  abstract readOn(): Promise<void>;
}

/** The posts of one author. */
export class AuthorSource extends Source {
  #at = 0;

  constructor(
    readonly author: UserId,
    private readonly before: bigint,
    private slice: TimelineSlice,
    private readonly more: ReadOn | undefined,
  ) {
    super();
    const { ids } = slice;
    while (this.#at < ids.length && (ids[this.#at] ?? 0n) >= before) this.#at++;
    this.#settle();
  }

  advance(): void {
    this.#at++;
    this.#settle();
  }

  get extensible(): boolean {
    return this.more !== undefined;
  }

  async readOn(): Promise<void> {
    if (!this.more) throw new Error('the source ends at a wall');
    const { floor } = this.slice;
    this.slice = await this.more(floor < this.before ? floor : this.before);
    this.#at = 0;
    this.#settle();
  }

  #settle(): void {
    const { ids, floor } = this.slice;
    const inSlice = this.#at < ids.length;
    this.head = inSlice ? (ids[this.#at] ?? 0n) : floor === 0n ? -1n : floor;
    this.wall = !inSlice && floor !== 0n;
  }
}

/** Entries of several authors that are merged already: an inbox. It ends at its floor, for somebody else to go on. */
export class ListSource extends Source {
  #at = 0;
  readonly extensible = false;

  /** @param entries newest first. */
  constructor(
    private readonly entries: readonly { readonly postId: PostId; readonly authorId: UserId }[],
    private readonly floor: bigint,
  ) {
    super();
    this.#settle();
  }

  get author(): UserId {
    const entry = this.entries[this.#at];
    if (!entry) throw new Error('not at an entry');
    return entry.authorId;
  }

  advance(): void {
    this.#at++;
    this.#settle();
  }

  readOn(): Promise<void> {
    return Promise.reject(new Error('the source ends at a wall'));
  }

  #settle(): void {
    const entry = this.entries[this.#at];
    this.head = entry ? entry.postId : this.floor === 0n ? -1n : this.floor;
    this.wall = !entry && this.floor !== 0n;
  }
}
