import type { PostId, UserId } from '#ids';
import { RepostStore } from '#storage';
import type { Conditional } from '../database/conditional.ts';
import type { Database } from '../database/database.ts';
import type { Query } from '../database/query.ts';
import { monthOf } from './time-buckets.ts';

interface RepostRow {
  readonly repost_id: PostId;
}

export class CassandraRepostStore extends RepostStore {
  readonly #claim: Conditional<RepostRow>;
  readonly #release: Conditional<RepostRow>;
  readonly #select: Query<RepostRow>;

  constructor(db: Database) {
    super();
    const row = 'user_id = ? AND month = ? AND original_id = ?';
    this.#claim = db.conditional(
      'INSERT INTO $.reposts_by_user (user_id, month, original_id, repost_id) VALUES (?, ?, ?, ?) IF NOT EXISTS',
    );
    this.#release = db.conditional(`DELETE FROM $.reposts_by_user WHERE ${row} IF repost_id = ?`);
    this.#select = db.query(`SELECT repost_id FROM $.reposts_by_user WHERE ${row}`);
  }

  async claim(user: UserId, original: PostId, repost: PostId): Promise<PostId> {
    const { row } = await this.#claim.run(user, monthOf(original), original, repost);
    return row?.repost_id ?? repost;
  }

  async release(user: UserId, original: PostId, repost: PostId): Promise<void> {
    await this.#release.run(user, monthOf(original), original, repost);
  }

  async find(user: UserId, original: PostId): Promise<PostId | undefined> {
    const row = await this.#select.first(user, monthOf(original), original);
    return row?.repost_id;
  }
}
