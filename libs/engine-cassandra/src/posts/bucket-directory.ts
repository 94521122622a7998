import type { Database } from '../database/database.ts';
import type { Query } from '../database/query.ts';
import type { Write } from '../database/write.ts';

/** A table of the partitions that something is spread over: which of them there are at all. */
export interface DirectoryTable {
  readonly table: string;
  readonly owner: string;
  readonly bucket: string;
}

const KNOWN_MAX = 50_000;

/**
 * Lists the partitions of owners whose rows are spread over several, so that readers look into no empty ones. Entries
 * are never taken back. An entry is written before the first row of its partition, once by each process.
 */
export class BucketDirectory {
  readonly #insert: Write;
  readonly #select: Query<{ readonly bucket: number }>;
  /** Owners and buckets that are written, oldest first. */
  readonly #known = new Set<bigint>();

  constructor(db: Database, { table, owner, bucket }: DirectoryTable) {
    this.#insert = db.write(`INSERT INTO $.${table} (${owner}, ${bucket}) VALUES (?, ?)`);
    this.#select = db.query(`SELECT ${bucket} AS bucket FROM $.${table} WHERE ${owner} = ?`);
  }

  /** Durable when it resolves. */
  async note(owner: bigint, bucket: number): Promise<void> {
    const name = (owner << 32n) | BigInt(bucket);
    if (this.#known.has(name)) return;
    await this.#insert.run(owner, bucket);
    this.#known.add(name);
    if (this.#known.size <= KNOWN_MAX) return;
    for (const oldest of this.#known) return void this.#known.delete(oldest);
  }

  /** Ascending. */
  async load(owner: bigint): Promise<number[]> {
    const rows = await this.#select.rows(owner);
    return rows.map(({ bucket }) => bucket);
  }
}
