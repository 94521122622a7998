import type { types } from 'cassandra-driver';
import type { UserId } from '#ids';
import { type AuthorMode, type AuthorModeRecord, AuthorModeStore } from '#storage';
import type { Conditional } from '../database/conditional.ts';
import type { Database } from '../database/database.ts';
import type { Query } from '../database/query.ts';

interface ModeRow {
  /** Null where the partition holds its stamp alone. */
  readonly author_id: UserId | null;
  readonly mode: AuthorMode;
  readonly since_ms: bigint;
  readonly version: number;
}

const ROWS_PER_READ = 5_000;

export class CassandraAuthorModeStore extends AuthorModeStore {
  readonly #select: Query<ModeRow>;
  readonly #page: Query<ModeRow>;
  readonly #stamp: Query<{ readonly stamp: types.TimeUuid | null }>;
  readonly #replace: Conditional<Pick<ModeRow, 'version'>>;

  constructor(db: Database) {
    super();
    const select = 'SELECT author_id, mode, since_ms, version FROM $.author_modes WHERE part = 0';
    this.#select = db.query(`${select} AND author_id = ?`);
    this.#page = db.query(`${select} AND author_id > ? LIMIT ?`);
    this.#stamp = db.query('SELECT stamp FROM $.author_modes WHERE part = 0 LIMIT 1');
    this.#replace = db.conditional(
      'UPDATE $.author_modes SET stamp = now(), mode = ?, since_ms = ?, version = ? WHERE part = 0 AND author_id = ? IF version = ?',
    );
  }

  async find(author: UserId): Promise<AuthorModeRecord | undefined> {
    const row = await this.#select.first(author);
    return row && recordOf(author, row);
  }

  async loadAll(): Promise<AuthorModeRecord[]> {
    const records: AuthorModeRecord[] = [];
    for (let after = 0n; ;) {
      const rows = await this.#page.rows(after, ROWS_PER_READ);
      for (const row of rows) if (row.author_id !== null) records.push(recordOf(row.author_id, row));
      const last = rows.at(-1)?.author_id;
      if (last == null || rows.length < ROWS_PER_READ) return records;
      after = last;
    }
  }

  async stamp(): Promise<string> {
    const row = await this.#stamp.first();
    return row?.stamp?.toString() ?? '';
  }

  async replace(author: UserId, version: number, next: AuthorModeRecord | undefined): Promise<boolean> {
    const { mode = null, sinceMs, version: newVersion = null } = next ?? {};
    const since = sinceMs === undefined ? null : BigInt(sinceMs);
    const { applied, repeated } = await this.#replace.run(mode, since, newVersion, author, version || null);
    if (applied || !repeated) return applied;
    // An earlier sending may have been applied: then what is there is what we wrote.
    const present = await this.find(author);
    return present?.version === next?.version && present?.mode === next?.mode && present?.sinceMs === next?.sinceMs;
  }
}

function recordOf(author: UserId, { mode, since_ms, version }: ModeRow): AuthorModeRecord {
  return { author, mode, sinceMs: Number(since_ms), version };
}
