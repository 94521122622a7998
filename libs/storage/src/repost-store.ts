import type { PostId, UserId } from '#ids';

/** Who has reposted what: a user reposts an original once. */
export abstract class RepostStore {
  /**
   * Claims the place of the user's repost of an original for `repost`, if it is free. Resolves to the repost that holds
   * it afterwards: the given one, or an earlier one.
   */
  abstract claim(user: UserId, original: PostId, repost: PostId): Promise<PostId>;
  /** Frees the place, if it is held by this repost. */
  abstract release(user: UserId, original: PostId, repost: PostId): Promise<void>;
  abstract find(user: UserId, original: PostId): Promise<PostId | undefined>;
}
