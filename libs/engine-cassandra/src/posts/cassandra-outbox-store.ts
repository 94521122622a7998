import { idAt, timeOf } from '#ids';
import { type Clock, inSteps } from '#kernel';
import { type OutboxEntry, OutboxStore } from '#storage';
import type { Database } from '../database/database.ts';
import type { Query } from '../database/query.ts';
import type { Write } from '../database/write.ts';
import type { OutboxTable } from './outbox-table.ts';
import { MINUTE_MS, minuteOf } from './time-buckets.ts';

/** A process may stand still between making an entry's id and writing the row: so long a minute stays open for it. */
const STRAGGLERS_MS = 2 * MINUTE_MS;
/** How far ahead of ours the clock of a writer may be. */
const AHEAD_MS = MINUTE_MS;
/** Minutes that one call forgets. */
const COMPACTED_MAX = 24 * 60;
/** Minutes read side by side. */
const WIDTH_MIN = 4;
const WIDTH_MAX = 32;

export class CassandraOutboxStore extends OutboxStore {
  readonly #select: Query<{ readonly minute: number }>;
  readonly #update: Write;

  constructor(
    db: Database,
    private readonly table: OutboxTable,
    private readonly clock: Clock,
  ) {
    super();
    this.#select = db.query('SELECT minute FROM $.outbox_progress WHERE part = 0');
    // The minute is the write time as well: of two sweepers, the one that got further wins.
    this.#update = db.write('UPDATE $.outbox_progress USING TIMESTAMP ? SET minute = ? WHERE part = 0');
  }

  /** Marks where the outbox begins, when it is new: an hour ago, for posts that are on their way. */
  async open(): Promise<void> {
    if (await this.#select.first()) return;
    await this.#advance(this.#minuteIn(-60 * MINUTE_MS));
  }

  remove(entry: OutboxEntry): Promise<void> {
    return this.table.delete(entry);
  }

  async list(after: bigint, before: bigint, limit: number): Promise<OutboxEntry[]> {
    const first = Math.max(await this.#first(), minuteOf(after));
    const last = Math.min(minuteOf(before), this.#minuteIn(AHEAD_MS));
    const found: OutboxEntry[] = [];
    for (let from = first, width = WIDTH_MIN; from <= last && found.length < limit; from += width) {
      if (from > first) width = Math.min(WIDTH_MAX, 2 * width);
      const minutes = Array.from({ length: Math.min(width, last - from + 1) }, (_, i) => from + i);
      const lists = await Promise.all(minutes.map((minute) => this.table.list(minute, after, before, limit)));
      found.push(...lists.flat());
    }
    return found.slice(0, limit);
  }

  /** Forgets minutes that have been over for a while; a long way is gone in several calls. */
  async compact(before: bigint): Promise<void> {
    const first = await this.#first();
    const over = minuteOf(idAt(Math.min(timeOf(before), this.clock.now()) - STRAGGLERS_MS));
    const end = Math.min(over, first + COMPACTED_MAX);
    if (end <= first) return;
    const minutes = Array.from({ length: end - first }, (_, i) => first + i);
    await inSteps(minutes, (minute) => this.table.deleteMinute(minute), 16);
    await this.#advance(end);
  }

  async #first(): Promise<number> {
    const row = await this.#select.first();
    if (!row) throw new Error('the outbox was not opened');
    return row.minute;
  }

  #advance(minute: number): Promise<void> {
    return this.#update.run(BigInt(minute), minute);
  }

  #minuteIn(ms: number): number {
    return Math.floor((this.clock.now() + ms) / MINUTE_MS);
  }
}
