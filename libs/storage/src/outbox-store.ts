import type { PostId } from '#ids';

/**
 * A promise that something will follow a durable write: the fan-out of a new post, the cleaning up after a deleted one.
 * Its id is made when the row is written (not the post's, which may be older), so that rows are found in time order.
 */
export interface OutboxEntry {
  readonly id: bigint;
  readonly kind: 'created' | 'deleted';
  readonly postId: PostId;
}

/** What is left to do. Rows are written by `PostStore` within its write sets and removed here when all has been done. */
export abstract class OutboxStore {
  /** Removing what is not there is fine. */
  abstract remove(entry: OutboxEntry): Promise<void>;
  /** Rows with ids in (after, before), oldest first. */
  abstract list(after: bigint, before: bigint, limit: number): Promise<OutboxEntry[]>;
  /** Lets the store forget about the time before `before`: no row is there, and none is written there any more. */
  abstract compact(before: bigint): Promise<void>;
}
