import type { UserId } from '#ids';
import type { Clock } from '#kernel';
import { BlockStore } from '#storage';
import type { Database } from '../database/database.ts';
import type { Query } from '../database/query.ts';
import type { Write } from '../database/write.ts';
import { nowAfter } from '../database/write-times.ts';
import { ttlOf } from './switch-times.ts';

interface BlockRow {
  readonly other_id: UserId;
  readonly blocks: boolean | null;
  readonly blocked_by: boolean | null;
}

const OTHERS_PER_READ = 100;
const ROWS_PER_READ = 100;

/**
 * A block is two rows, one for each side, written with one write time: that of the blocker's row counts and is read
 * beforehand. So the two agree in the end, whichever of several changes arrives last where.
 */
export class CassandraBlockStore extends BlockStore {
  readonly #writtenAt: Query<{ readonly written_at: bigint | null }>;
  readonly #own: Write;
  readonly #mirrored: Write;
  readonly #some: Query<BlockRow>;
  readonly #page: Query<BlockRow>;

  constructor(
    db: Database,
    private readonly clock: Clock,
  ) {
    super();
    const row = 'user_id = ? AND other_id = ?';
    this.#writtenAt = db.query(`SELECT WRITETIME(blocks) AS written_at FROM $.blocks WHERE ${row}`);
    this.#own = db.write(`UPDATE $.blocks USING TIMESTAMP ? AND TTL ? SET blocks = ? WHERE ${row}`);
    this.#mirrored = db.write(`UPDATE $.blocks USING TIMESTAMP ? AND TTL ? SET blocked_by = ? WHERE ${row}`);
    const select = 'SELECT other_id, blocks, blocked_by FROM $.blocks WHERE user_id = ?';
    this.#some = db.query(`${select} AND other_id IN ?`);
    this.#page = db.query(`${select} AND other_id > ? LIMIT ?`);
  }

  put(blocker: UserId, blocked: UserId): Promise<void> {
    return this.#set(blocker, blocked, true);
  }

  remove(blocker: UserId, blocked: UserId): Promise<void> {
    return this.#set(blocker, blocked, false);
  }

  async findBetween(user: UserId, others: readonly UserId[]): Promise<Set<UserId>> {
    const reads: Promise<BlockRow[]>[] = [];
    for (let at = 0; at < others.length; at += OTHERS_PER_READ)
      reads.push(this.#some.rows(user, others.slice(at, at + OTHERS_PER_READ)));
    const rows = (await Promise.all(reads)).flat();
    return new Set(rows.filter(isBlocked).map((row) => row.other_id));
  }

  async hasAny(user: UserId): Promise<boolean> {
    for (let after = 0n; ;) {
      const rows = await this.#page.rows(user, after, ROWS_PER_READ);
      if (rows.some(isBlocked)) return true;
      const last = rows.at(-1);
      if (!last || rows.length < ROWS_PER_READ) return false;
      after = last.other_id;
    }
  }

  async #set(blocker: UserId, blocked: UserId, on: boolean): Promise<void> {
    const present = await this.#writtenAt.first(blocker, blocked);
    const at = nowAfter(this.clock, present?.written_at);
    await Promise.all([
      this.#own.run(at, ttlOf(on), on, blocker, blocked),
      this.#mirrored.run(at, ttlOf(on), on, blocked, blocker),
    ]);
  }
}

function isBlocked({ blocks, blocked_by }: BlockRow): boolean {
  return blocks === true || blocked_by === true;
}
