import type { Post } from '#storage';
import type { Database } from '../database/database.ts';
import type { Write } from '../database/write.ts';
import type { AuthorMonths } from './author-months.ts';
import type { ReplyBuckets } from './reply-buckets.ts';
import { monthOf } from './time-buckets.ts';

/** The rows that lead readers to a post: its author's timeline, the replies of the post that it answers. */
export class PostEntries {
  readonly #byAuthor: EntryTable;
  readonly #byPost: EntryTable;

  constructor(
    db: Database,
    private readonly months: AuthorMonths,
    private readonly replies: ReplyBuckets,
  ) {
    this.#byAuthor = new EntryTable(db, 'posts_by_author', ['author_id', 'month', 'post_id']);
    this.#byPost = new EntryTable(db, 'replies_by_post', ['post_id', 'bucket', 'reply_id']);
  }

  /** Makes known that the partitions of the rows exist. */
  async announce({ id, authorId, replyTo }: Post): Promise<void> {
    await Promise.all([
      this.months.note(authorId, monthOf(id)),
      replyTo !== undefined && this.replies.note(replyTo, this.replies.bucketOf(replyTo, id)),
    ]);
  }

  /** @param at the write time: the later of an insertion and a deletion counts, whichever comes last. */
  async insert(post: Post, at: bigint): Promise<void> {
    await this.#each(post, (table, key) => table.insert(key, at));
  }

  async delete(post: Post, at: bigint): Promise<void> {
    await this.#each(post, (table, key) => table.delete(key, at));
  }

  #each({ id, authorId, replyTo }: Post, work: (table: EntryTable, key: EntryKey) => Promise<void>): Promise<unknown> {
    return Promise.all([
      work(this.#byAuthor, [authorId, monthOf(id), id]),
      replyTo !== undefined && work(this.#byPost, [replyTo, this.replies.bucketOf(replyTo, id), id]),
    ]);
  }
}

/** Owner, bucket, id. */
type EntryKey = readonly [bigint, number, bigint];

class EntryTable {
  readonly #insert: Write;
  readonly #delete: Write;

  constructor(db: Database, table: string, columns: readonly [string, string, string]) {
    const where = columns.map((column) => `${column} = ?`).join(' AND ');
    this.#insert = db.write(`INSERT INTO $.${table} (${columns.join(', ')}) VALUES (?, ?, ?) USING TIMESTAMP ?`);
    this.#delete = db.write(`DELETE FROM $.${table} USING TIMESTAMP ? WHERE ${where}`);
  }

  insert(key: EntryKey, at: bigint): Promise<void> {
    return this.#insert.run(...key, at);
  }

  delete(key: EntryKey, at: bigint): Promise<void> {
    return this.#delete.run(at, ...key);
  }
}
