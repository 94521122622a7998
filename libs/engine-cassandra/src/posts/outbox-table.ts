import type { OutboxEntry } from '#storage';
import type { PostId } from '#ids';
import type { Database } from '../database/database.ts';
import type { Query } from '../database/query.ts';
import type { Write } from '../database/write.ts';
import { minuteOf } from './time-buckets.ts';

/** Among how many partitions the entries of one minute are shared. */
const BUCKETS = 4;

interface EntryRow {
  readonly id: bigint;
  readonly kind: OutboxEntry['kind'];
  readonly post_id: PostId;
}

/**
 * The rows of the outbox, by minute. Their write times are those of the writers' clocks: where one that was removed comes
 * back, or one stays because of clocks that are apart, a delivery is made once more.
 */
export class OutboxTable {
  readonly #insert: Write;
  readonly #delete: Write;
  readonly #deleteMinute: Write;
  readonly #select: Query<EntryRow>;

  constructor(db: Database) {
    const row = 'bucket = ? AND minute = ?';
    this.#insert = db.write('INSERT INTO $.outbox (bucket, minute, id, kind, post_id) VALUES (?, ?, ?, ?, ?)');
    this.#delete = db.write(`DELETE FROM $.outbox WHERE ${row} AND id = ?`);
    this.#deleteMinute = db.write(`DELETE FROM $.outbox WHERE ${row}`);
    this.#select = db.query(`SELECT id, kind, post_id FROM $.outbox WHERE ${row} AND id > ? AND id < ? LIMIT ?`);
  }

  insert({ id, kind, postId }: OutboxEntry): Promise<void> {
    return this.#insert.run(bucketOf(id), minuteOf(id), id, kind, postId);
  }

  delete({ id }: OutboxEntry): Promise<void> {
    return this.#delete.run(bucketOf(id), minuteOf(id), id);
  }

  /** Entries of one minute with ids in (after, before), oldest first. */
  async list(minute: number, after: bigint, before: bigint, limit: number): Promise<OutboxEntry[]> {
    const lists = await Promise.all(eachBucket((bucket) => this.#select.rows(bucket, minute, after, before, limit)));
    const rows = lists.flat().sort((a, b) => (a.id < b.id ? -1 : 1));
    return rows.map(({ id, kind, post_id }) => ({ id, kind, postId: post_id }));
  }

  /** Forgets a minute as a whole: whoever reads it then meets one mark instead of one for each entry. */
  async deleteMinute(minute: number): Promise<void> {
    await Promise.all(eachBucket((bucket) => this.#deleteMinute.run(bucket, minute)));
  }
}

function eachBucket<T>(work: (bucket: number) => Promise<T>): Promise<T>[] {
  return Array.from({ length: BUCKETS }, (_, bucket) => work(bucket));
}

/** Of the parts of an id that differ between ids of one moment: its sequence and its worker. */
function bucketOf(id: bigint): number {
  return Number(BigInt.asUintN(12, id ^ (id >> 12n))) % BUCKETS;
}
