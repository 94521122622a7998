import { type MemberIndex, totalOf } from '#counters';
import { FollowLookup, ProfileCounts, type ProfileNumbers } from '#http';
import type { UserId } from '#ids';
import type { Caches } from './caches.ts';

/** Numbers of profiles through the cache. */
export class CountedProfiles extends ProfileCounts {
  constructor(private readonly caches: Pick<Caches, 'profiles'>) {
    super();
  }

  async loadMany(users: readonly UserId[]): Promise<readonly ProfileNumbers[]> {
    const totals = await this.caches.profiles.getMany(users);
    return totals.map((own) => ({
      followerCount: totalOf(own?.followers ?? []),
      followingCount: own?.following ?? 0,
      postCount: totalOf(own?.posts ?? []),
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
