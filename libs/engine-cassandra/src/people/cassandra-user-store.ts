import type { UserId } from '#ids';
import type { Clock } from '#kernel';
import { type NewUser, type User, UserStore } from '#storage';
import type { Conditional } from '../database/conditional.ts';
import type { Database } from '../database/database.ts';
import type { Query } from '../database/query.ts';
import type { Write } from '../database/write.ts';
import { madeAt, nowAfter } from '../database/write-times.ts';

interface HandleRow {
  readonly user_id: UserId;
}

/** A user is written as of the time of its id, so that a repeated registration changes nothing that came later. */
export class CassandraUserStore extends UserStore {
  readonly #insert: Write;
  readonly #claim: Conditional<HandleRow>;
  readonly #select: Query<{ readonly handle: string; readonly display_name: string }>;
  readonly #selectHandle: Query<HandleRow>;
  readonly #selectPassword: Query<{ readonly password_hash: string }>;
  readonly #selectTime: Query<{ readonly written_at: bigint }>;
  readonly #rename: Write;

  constructor(
    db: Database,
    private readonly clock: Clock,
  ) {
    super();
    this.#insert = db.write(
      'INSERT INTO $.users (user_id, handle, display_name, password_hash) VALUES (?, ?, ?, ?) USING TIMESTAMP ?',
    );
    this.#claim = db.conditional('INSERT INTO $.handles (handle, user_id) VALUES (?, ?) IF NOT EXISTS');
    this.#select = db.query('SELECT handle, display_name FROM $.users WHERE user_id = ?');
    this.#selectHandle = db.query('SELECT user_id FROM $.handles WHERE handle = ?');
    this.#selectPassword = db.query('SELECT password_hash FROM $.users WHERE user_id = ?');
    this.#selectTime = db.query('SELECT WRITETIME(display_name) AS written_at FROM $.users WHERE user_id = ?');
    this.#rename = db.write('UPDATE $.users USING TIMESTAMP ? SET display_name = ? WHERE user_id = ?');
  }

  async create({ id, handle, displayName, passwordHash }: NewUser): Promise<boolean> {
    await this.#insert.run(id, handle, displayName, passwordHash, madeAt(id));
    const { applied, row } = await this.#claim.run(handle, id);
    return applied || row?.user_id === id;
  }

  async find(id: UserId): Promise<User | undefined> {
    const row = await this.#select.first(id);
    return row && { id, handle: row.handle, displayName: row.display_name };
  }

  findMany(ids: readonly UserId[]): Promise<(User | undefined)[]> {
    return Promise.all(ids.map((id) => this.find(id)));
  }

  async findIdByHandle(handle: string): Promise<UserId | undefined> {
    const row = await this.#selectHandle.first(handle);
    return row?.user_id;
  }

  async findPasswordHash(id: UserId): Promise<string | undefined> {
    const row = await this.#selectPassword.first(id);
    return row?.password_hash;
  }

  /** Users are never removed, so one that was there still is. */
  async setDisplayName(id: UserId, displayName: string): Promise<void> {
    const present = await this.#selectTime.first(id);
    if (present) await this.#rename.run(nowAfter(this.clock, present.written_at), displayName, id);
  }
}
