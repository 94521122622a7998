import type { UserId } from '#ids';
import type { Entry } from '#inbox';
import type { AuthorHead } from '#presentation';

/** Reads on in an author's timeline below a position. */
export type ReadOn = (author: UserId, before: bigint) => Promise<AuthorHead>;

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
    private slice: AuthorHead,
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
    this.slice = await this.more(this.author, floor < this.before ? floor : this.before);
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

export interface InboxSlice {
  /** Newest first. */
  readonly entries: readonly Entry[];
  /** Where the slice ends: the inbox's own floor, or the last entry read. */
  readonly floor: bigint;
  /** Whether that is the inbox's own floor. */
  readonly atFloor: boolean;
}

/** A viewer's inbox: entries of several authors that are merged already. Its own floor is a wall that does not move. */
export class InboxSource extends Source {
  #at = 0;

  constructor(
    private slice: InboxSlice,
    private readonly more: (before: bigint) => Promise<InboxSlice>,
  ) {
    super();
    this.#settle();
  }

  get author(): UserId {
    const entry = this.slice.entries[this.#at];
    if (!entry) throw new Error('not at an entry');
    return entry.authorId;
  }

  get extensible(): boolean {
    return !this.slice.atFloor;
  }

  advance(): void {
    this.#at++;
    this.#settle();
  }

  async readOn(): Promise<void> {
    this.slice = await this.more(this.slice.floor);
    this.#at = 0;
    this.#settle();
  }

  #settle(): void {
    const { entries, floor } = this.slice;
    const entry = entries[this.#at];
    this.head = entry ? entry.postId : floor === 0n ? -1n : floor;
    this.wall = !entry && floor !== 0n;
  }
}
