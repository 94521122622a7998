import { byIdAscending, type PostId } from '#ids';
import { ReplyStore } from '#storage';
import type { Database } from '../database/database.ts';
import type { Query } from '../database/query.ts';
import type { ReplyBuckets, Span } from './reply-buckets.ts';
import { walk } from './walk.ts';

export class CassandraReplyStore extends ReplyStore {
  readonly #select: Query<{ readonly reply_id: PostId }>;

  constructor(
    db: Database,
    private readonly buckets: ReplyBuckets,
  ) {
    super();
    this.#select = db.query(
      'SELECT reply_id FROM $.replies_by_post WHERE post_id = ? AND bucket = ? AND reply_id > ? LIMIT ?',
    );
  }

  async list(post: PostId, after: bigint, limit: number): Promise<PostId[]> {
    const first = this.buckets.spanOf(post, after);
    const spans = (await this.buckets.loadSpans(post)).filter(({ number }) => number >= first);
    return walk(spans, limit, (span) => this.#listSpan(post, span, after, limit));
  }

  async #listSpan(post: PostId, { buckets }: Span, after: bigint, limit: number): Promise<PostId[]> {
    const lists = await Promise.all(buckets.map((bucket) => this.#select.rows(post, bucket, after, limit)));
    const ids = lists.flatMap((rows) => rows.map(({ reply_id }) => reply_id));
    return ids.sort(byIdAscending);
  }
}
