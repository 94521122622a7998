import type { UserId } from '#ids';
import type { Clock } from '#kernel';
import { MuteStore } from '#storage';
import type { Database } from '../database/database.ts';
import type { Query } from '../database/query.ts';
import type { Write } from '../database/write.ts';
import { nowAfter } from '../database/write-times.ts';
import { ttlOf } from './switch-times.ts';

interface MuteRow {
  readonly other_id: UserId;
  readonly mutes: boolean | null;
}

const ROWS_PER_READ = 1_000;

export class CassandraMuteStore extends MuteStore {
  readonly #writtenAt: Query<{ readonly written_at: bigint | null }>;
  readonly #update: Write;
  readonly #page: Query<MuteRow>;

  constructor(
    db: Database,
    private readonly clock: Clock,
  ) {
    super();
    const row = 'user_id = ? AND other_id = ?';
    this.#writtenAt = db.query(`SELECT WRITETIME(mutes) AS written_at FROM $.mutes WHERE ${row}`);
    this.#update = db.write(`UPDATE $.mutes USING TIMESTAMP ? AND TTL ? SET mutes = ? WHERE ${row}`);
    this.#page = db.query('SELECT other_id, mutes FROM $.mutes WHERE user_id = ? AND other_id > ? LIMIT ?');
  }

  put(muter: UserId, muted: UserId): Promise<void> {
    return this.#set(muter, muted, true);
  }

  remove(muter: UserId, muted: UserId): Promise<void> {
    return this.#set(muter, muted, false);
  }

  async loadAll(muter: UserId): Promise<UserId[]> {
    const muted: UserId[] = [];
    for (let after = 0n; ;) {
      const rows = await this.#page.rows(muter, after, ROWS_PER_READ);
      for (const row of rows) if (row.mutes) muted.push(row.other_id);
      const last = rows.at(-1);
      if (!last || rows.length < ROWS_PER_READ) return muted;
      after = last.other_id;
    }
  }

  async #set(muter: UserId, muted: UserId, on: boolean): Promise<void> {
    const present = await this.#writtenAt.first(muter, muted);
    await this.#update.run(nowAfter(this.clock, present?.written_at), ttlOf(on), on, muter, muted);
  }
}
