import type { PostId, UserId } from '#ids';
import type { Clock } from '#kernel';
import { type Delivery, type OutboxEntry, type Post, PostStore } from '#storage';
import type { Database } from '../database/database.ts';
import type { Query } from '../database/query.ts';
import type { Write } from '../database/write.ts';
import { madeAt, nowAfter } from '../database/write-times.ts';
import type { OutboxTable } from './outbox-table.ts';
import type { PostEntries } from './post-entries.ts';

interface PostRow {
  readonly author_id: UserId;
  readonly text: string;
  readonly reply_to: PostId | null;
  readonly repost_of: PostId | null;
  readonly delivery: Delivery;
  readonly deleted: boolean | null;
}

/**
 * The order of the writes, not a batch, keeps readers from meeting half a post: what leads to it comes last when it is
 * made. A post is written as of the time of its id, and deleted as of now: no repetition of `create` comes after that.
 */
export class CassandraPostStore extends PostStore {
  readonly #select: Query<PostRow>;
  readonly #insert: Write;
  readonly #bury: Write;

  constructor(
    db: Database,
    private readonly entries: PostEntries,
    private readonly outbox: OutboxTable,
    private readonly clock: Clock,
  ) {
    super();
    const columns = 'author_id, text, reply_to, repost_of, delivery';
    this.#select = db.query(`SELECT ${columns}, deleted FROM $.posts WHERE post_id = ?`);
    this.#insert = db.write(`INSERT INTO $.posts (post_id, ${columns}) VALUES (?, ?, ?, ?, ?, ?) USING TIMESTAMP ?`);
    this.#bury = db.write(
      `INSERT INTO $.posts (post_id, ${columns}, deleted) VALUES (?, ?, '', ?, ?, ?, true) USING TIMESTAMP ?`,
    );
  }

  async create(post: Post, outbox: OutboxEntry): Promise<void> {
    const at = madeAt(post.id);
    const { id, authorId, text, replyTo, repostOf, delivery } = post;
    await Promise.all([
      this.#insert.run(id, authorId, text, replyTo, repostOf, delivery, at),
      this.outbox.insert(outbox),
      this.entries.announce(post),
    ]);
    await this.entries.insert(post, at);
  }

  async delete(post: Post, outbox: OutboxEntry): Promise<void> {
    const at = nowAfter(this.clock, madeAt(post.id));
    const { id, authorId, replyTo, repostOf, delivery } = post;
    await Promise.all([this.#bury.run(id, authorId, replyTo, repostOf, delivery, at), this.outbox.insert(outbox)]);
    await this.entries.delete(post, at);
  }

  find(id: PostId): Promise<Post | undefined> {
    return this.#find(id, false);
  }

  findMany(ids: readonly PostId[]): Promise<(Post | undefined)[]> {
    return Promise.all(ids.map((id) => this.#find(id, false)));
  }

  findDeleted(id: PostId): Promise<Post | undefined> {
    return this.#find(id, true);
  }

  async #find(id: PostId, deleted: boolean): Promise<Post | undefined> {
    const row = await this.#select.first(id);
    return row && (row.deleted ?? false) === deleted ? postOf(id, row) : undefined;
  }
}

function postOf(id: PostId, row: PostRow): Post {
  return {
    id,
    authorId: row.author_id,
    text: row.text,
    replyTo: row.reply_to ?? undefined,
    repostOf: row.repost_of ?? undefined,
    delivery: row.delivery,
  };
}
