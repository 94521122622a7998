import type { PostId, UserId } from '#ids';
import {
  AuthorTimelineStore,
  type OutboxEntry,
  type Post,
  PostStore,
  ReplyStore,
  type TimelinePosition,
  type TimelineQuery,
} from '#storage';
import { idIn, idKey, PRESENT } from './keys.ts';
import type { LmdbEnvironment, Table } from './lmdb-environment.ts';
import { outboxKey, outboxValue } from './lmdb-outbox-store.ts';
import { decodePost, encodePost, isDeleted } from './post-record.ts';

interface PostTables {
  /** post -> record */
  readonly posts: Table;
  /** author, post */
  readonly byAuthor: Table;
  /** post, reply */
  readonly replies: Table;
  /** outbox id -> entry */
  readonly outbox: Table;
}

export function openPostTables(env: LmdbEnvironment): PostTables {
  return {
    posts: env.table('posts'),
    byAuthor: env.table('posts_by_author'),
    replies: env.table('replies_by_post'),
    outbox: env.table('outbox'),
  };
}

/** One transaction holds the whole write set: between its steps there is no moment to stop in. */
export class LmdbPostStore extends PostStore {
  constructor(
    private readonly env: LmdbEnvironment,
    private readonly tables: PostTables,
  ) {
    super();
  }

  create(post: Post, outbox: OutboxEntry): Promise<void> {
    const { posts, byAuthor, replies } = this.tables;
    const key = idKey(post.id);
    return this.env.write(() => {
      this.tables.outbox.putSync(outboxKey(outbox), outboxValue(outbox));
      const present = posts.get(key);
      if (present && isDeleted(present)) return;
      posts.putSync(key, encodePost(post, false));
      byAuthor.putSync(idKey(post.authorId, post.id), PRESENT);
      if (post.replyTo !== undefined) replies.putSync(idKey(post.replyTo, post.id), PRESENT);
    });
  }

  delete(post: Post, outbox: OutboxEntry): Promise<void> {
    const { posts, byAuthor, replies } = this.tables;
    return this.env.write(() => {
      this.tables.outbox.putSync(outboxKey(outbox), outboxValue(outbox));
      posts.putSync(idKey(post.id), encodePost({ ...post, text: '' }, true));
      byAuthor.removeSync(idKey(post.authorId, post.id));
      if (post.replyTo !== undefined) replies.removeSync(idKey(post.replyTo, post.id));
    });
  }

  async find(id: PostId): Promise<Post | undefined> {
    return this.#read(id, false);
  }

  async findMany(ids: readonly PostId[]): Promise<(Post | undefined)[]> {
    return ids.map((id) => this.#read(id, false));
  }

  async findDeleted(id: PostId): Promise<Post | undefined> {
    return this.#read(id, true);
  }

  #read(id: PostId, deleted: boolean): Post | undefined {
    const record = this.tables.posts.get(idKey(id));
    return record && isDeleted(record) === deleted ? decodePost(id, record) : undefined;
  }
}

/** How many authors are read before other work gets its turn: about a millisecond. */
const AUTHORS_PER_TURN = 200;

export class LmdbAuthorTimelineStore extends AuthorTimelineStore {
  constructor(private readonly tables: PostTables) {
    super();
  }

  async list(author: UserId, query: TimelineQuery): Promise<PostId[]> {
    return this.#read(author, query);
  }

  async listMany(positions: readonly TimelinePosition[], limit: number): Promise<PostId[][]> {
    const lists: PostId[][] = [];
    for (const { author, before } of positions) {
      lists.push(this.#read(author, { before, limit }));
      if (lists.length % AUTHORS_PER_TURN === 0) await nextTurn();
    }
    return lists;
  }

  async listAfter(author: UserId, after: bigint, limit: number): Promise<PostId[]> {
    const keys = this.tables.byAuthor.getKeys({ start: idKey(author, after + 1n), end: idKey(author + 1n, 0n), limit });
    return secondIds(keys);
  }

  #read(author: UserId, { before, limit }: TimelineQuery): PostId[] {
    if (before <= 1n) return [];
    const start = idKey(author, before - 1n);
    return secondIds(this.tables.byAuthor.getKeys({ start, end: idKey(author, 0n), reverse: true, limit }));
  }
}

export class LmdbReplyStore extends ReplyStore {
  constructor(private readonly tables: PostTables) {
    super();
  }

  async list(post: PostId, after: bigint, limit: number): Promise<PostId[]> {
    return secondIds(this.tables.replies.getKeys({ start: idKey(post, after + 1n), end: idKey(post + 1n, 0n), limit }));
  }
}

function secondIds(keys: Iterable<Buffer>): PostId[] {
  const ids: PostId[] = [];
  for (const key of keys) ids.push(idIn(key, 1) as PostId);
  return ids;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
