import type { PostId, UserId } from '#ids';
import type { OutboxEntry } from './outbox-store.ts';

/** How a post reaches its readers: written into their inboxes, or merged in when they read. Decided once, when it is made. */
export type Delivery = 'push' | 'pull';

export interface Post {
  readonly id: PostId;
  readonly authorId: UserId;
  /** Empty for a repost. */
  readonly text: string;
  readonly replyTo: PostId | undefined;
  /** Always an original: never itself a repost. */
  readonly repostOf: PostId | undefined;
  readonly delivery: Delivery;
}

/**
 * Posts, the source of truth. Writing one is a durable write set in two steps: the post and its outbox row side by side,
 * then the entries that lead readers to it (the author's timeline, the replies of the post it answers). So nobody meets
 * half a post, and what stops between the steps is found by the sweeper, which calls `create` again.
 */
export abstract class PostStore {
  /** All of the write set, durable when it resolves. May be repeated with the same post, any number of times. */
  abstract create(post: Post, outbox: OutboxEntry): Promise<void>;
  /** Undefined for unknown and for deleted posts. */
  abstract find(id: PostId): Promise<Post | undefined>;
  /** In the order asked for. */
  abstract findMany(ids: readonly PostId[]): Promise<(Post | undefined)[]>;
  /**
   * Deletes: the post and an outbox row first, then the entries that lead to it. After it no read finds the post, and no
   * repetition of `create` brings it back. Repeating it is harmless.
   */
  abstract delete(post: Post, outbox: OutboxEntry): Promise<void>;
  /** What a deleted post was, without its text: for the cleaning up that follows. Undefined for posts that live. */
  abstract findDeleted(id: PostId): Promise<Post | undefined>;
}

export interface TimelineQuery {
  /** Only posts with smaller ids. */
  readonly before: bigint;
  readonly limit: number;
}

export interface TimelinePosition {
  readonly author: UserId;
  /** Only posts with smaller ids. */
  readonly before: bigint;
}

/** The posts of an author by id: what exists when a feed is pulled. May hold entries whose post is deleted. */
export abstract class AuthorTimelineStore {
  /** Newest first. Fewer than `limit` means that there are no more. */
  abstract list(author: UserId, query: TimelineQuery): Promise<PostId[]>;
  /** One list for each position, in their order. */
  abstract listMany(positions: readonly TimelinePosition[], limit: number): Promise<PostId[][]>;
  /** Posts with greater ids, oldest first. */
  abstract listAfter(author: UserId, after: bigint, limit: number): Promise<PostId[]>;
}

/** The replies of a post, oldest first. May hold entries whose post is deleted. */
export abstract class ReplyStore {
  abstract list(post: PostId, after: bigint, limit: number): Promise<PostId[]>;
}
