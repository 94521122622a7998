import { type CountedSets, type MemberIndex, partitionOf } from '#counters';
import { FollowLookup, ProfileCounts, type ProfileNumbers } from '#http';
import type { UserId } from '#ids';

/** Numbers of profiles from the counted sets, and from the index of whom a user follows. */
export class CountedProfiles extends ProfileCounts {
  constructor(
    private readonly sets: CountedSets,
    private readonly index: MemberIndex,
  ) {
    super();
  }

  async loadMany(users: readonly UserId[]): Promise<readonly ProfileNumbers[]> {
    const [followers, posts, following] = await Promise.all([
      this.sets.totals('followers', users),
      this.sets.totals('posts', users),
      Promise.all(users.map((user) => this.index.load(partitionOf('following', user, 0n)))),
    ]);
    return users.map((_, i) => ({
      followerCount: followers[i] ?? 0,
      followingCount: following[i]?.subjects.length ?? 0,
      postCount: posts[i] ?? 0,
    }));
  }
}

export class IndexedFollows extends FollowLookup {
  constructor(private readonly index: MemberIndex) {
    super();
  }

  async isFollowing(follower: UserId, followee: UserId): Promise<boolean> {
    return (await this.index.find('following', follower, followee)) !== undefined;
  }
}
