import { ID_MAX, type PostId, type UserId } from '#ids';
import { AuthorTimelineStore, type TimelinePosition, type TimelineQuery } from '#storage';
import type { Database } from '../database/database.ts';
import type { Query } from '../database/query.ts';
import type { AuthorMonths } from './author-months.ts';
import { monthOf } from './time-buckets.ts';
import { walk } from './walk.ts';

interface EntryRow {
  readonly post_id: PostId;
}

export class CassandraAuthorTimelineStore extends AuthorTimelineStore {
  readonly #newest: Query<EntryRow>;
  readonly #oldest: Query<EntryRow>;

  constructor(
    db: Database,
    private readonly months: AuthorMonths,
  ) {
    super();
    const select = 'SELECT post_id FROM $.posts_by_author WHERE author_id = ? AND month = ?';
    this.#newest = db.query(`${select} AND post_id <= ? LIMIT ?`);
    this.#oldest = db.query(`${select} AND post_id > ? ORDER BY post_id ASC LIMIT ?`);
  }

  async list(author: UserId, { before, limit }: TimelineQuery): Promise<PostId[]> {
    if (before <= 1n) return [];
    const last = before > ID_MAX ? ID_MAX : before - 1n;
    const months = (await this.months.list(author)).filter((month) => month <= monthOf(last));
    return walk(months.toReversed(), limit, async (month) =>
      idsOf(await this.#newest.rows(author, month, last, limit)),
    );
  }

  listMany(positions: readonly TimelinePosition[], limit: number): Promise<PostId[][]> {
    return Promise.all(positions.map(({ author, before }) => this.list(author, { before, limit })));
  }

  async listAfter(author: UserId, after: bigint, limit: number): Promise<PostId[]> {
    const months = (await this.months.list(author)).filter((month) => month >= monthOf(after));
    return walk(months, limit, async (month) => idsOf(await this.#oldest.rows(author, month, after, limit)));
  }
}

function idsOf(rows: readonly EntryRow[]): PostId[] {
  return rows.map(({ post_id }) => post_id);
}
