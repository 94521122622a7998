import { type MemberIndex, partitionOf, totalOf } from '#counters';
import { FollowLookup, ProfileCounts, type ProfileNumbers } from '#http';
import type { UserId } from '#ids';
import type { Caches } from './caches.ts';

/** Numbers of profiles from the cached counts, and from the index of whom a user follows. */
export class CountedProfiles extends ProfileCounts {
  constructor(
    private readonly caches: Pick<Caches, 'profiles'>,
    private readonly index: MemberIndex,
  ) {
    super();
  }

  async loadMany(users: readonly UserId[]): Promise<readonly ProfileNumbers[]> {
    const [totals, following] = await Promise.all([
      this.caches.profiles.getMany(users),
      Promise.all(users.map((user) => this.index.load(partitionOf('following', user, 0n)))),
    ]);
    return users.map((_, i) => ({
      followerCount: totalOf(totals[i]?.followers ?? []),
      followingCount: following[i]?.subjects.length ?? 0,
      postCount: totalOf(totals[i]?.posts ?? []),
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
