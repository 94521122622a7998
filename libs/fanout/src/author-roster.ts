import type { UserId } from '#ids';
import { type Clock, Repetition, unavailable } from '#kernel';
import type { AuthorModeRecord, AuthorModeStore } from '#storage';

export interface RosterTiming {
  /** How often the store is asked whether anything changed. */
  readonly refreshMs: number;
  /** For how long the roster may be used after the question was asked that last confirmed it. */
  readonly validMs: number;
}

/**
 * The authors that are not plain push authors, whole, in every process. It may be used for `validMs` after the moment
 * the store was last asked, measured on this process' own monotonic clock; a change that waits longer than that (the
 * policy's `settleMs`) is therefore known to everybody who still answers.
 */
export class AuthorRoster {
  #records = new Map<UserId, AuthorModeRecord>();
  #stamp: string | undefined;
  #version = 0;
  #confirmedAtMs = -Infinity;
  #refreshing: Promise<void> | undefined;
  readonly #refreshes: Repetition;

  constructor(
    private readonly store: AuthorModeStore,
    private readonly clock: Clock,
    private readonly timing: RosterTiming,
  ) {
    // A refresh that fails leaves the roster to grow old; isValid() tells the readers.
    const leave = (): void => undefined;
    this.#refreshes = new Repetition(clock, timing.refreshMs, () => this.refresh(), leave);
  }

  /** Loads it and keeps it fresh until `stop`. */
  async start(): Promise<void> {
    await this.refresh();
    this.#refreshes.start();
  }

  stop(): Promise<void> {
    return this.#refreshes.stop();
  }

  /** Changes whenever the records do: what was derived from them is good while it stays. */
  get version(): number {
    return this.#version;
  }

  /** All records; throws `unavailable` when they are too old to rely on. */
  get records(): ReadonlyMap<UserId, AuthorModeRecord> {
    if (!this.isValid()) throw unavailable('the roster of pull authors is out of date');
    return this.#records;
  }

  isValid(): boolean {
    return this.clock.elapsed() - this.#confirmedAtMs <= this.timing.validMs;
  }

  /** Asks the store now; joins a question that is under way. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#load().finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  /** Takes over a change that this process made or heard of, ahead of the next refresh. */
  apply(author: UserId, record: AuthorModeRecord | undefined): void {
    const known = this.#records.get(author);
    if (record && known && known.version >= record.version) return;
    const records = new Map(this.#records);
    if (record) records.set(author, record);
    else records.delete(author);
    this.#records = records;
    this.#version++;
  }

  async #load(): Promise<void> {
    const askedAtMs = this.clock.elapsed();
    const stamp = await this.store.stamp();
    if (stamp !== this.#stamp) {
      const records = await this.store.loadAll();
      this.#records = new Map(records.map((record) => [record.author, record]));
      this.#stamp = stamp;
      this.#version++;
    }
    this.#confirmedAtMs = askedAtMs;
  }
}
