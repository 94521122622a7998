import type { UserId } from '#ids';

export abstract class FollowLookup {
  /** Whether `follower` follows `followee` now: an acknowledged change shows at once. */
  abstract isFollowing(follower: UserId, followee: UserId): Promise<boolean>;
}
