import type { PostId } from '#ids';

/** How many views a post gained. */
export interface ViewGain {
  readonly postId: PostId;
  readonly views: number;
}

/**
 * Views of posts, approximate, gathered elsewhere in buckets and folded in here. Each bucket's flushes carry ids that
 * grow. Rows `((post), bucket) -> views, flush id`; in Cassandra the flush id is the write timestamp.
 */
export abstract class ViewStore {
  /**
   * Adds the gains of one flush; a post appears in it once. A flush that was applied before, as a whole or in part, and
   * one with a lower id than the post has already seen from this bucket, changes nothing where it was seen. Rejects
   * with `unavailable`: repeat it with the same id.
   */
  abstract apply(bucket: number, flushId: bigint, gains: readonly ViewGain[]): Promise<void>;

  /** The sum over all buckets for each post, 0 for posts without views. */
  abstract totals(posts: readonly PostId[]): Promise<number[]>;
}
