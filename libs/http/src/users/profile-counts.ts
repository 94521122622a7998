import type { UserId } from '#ids';

export interface ProfileNumbers {
  readonly followerCount: number;
  readonly followingCount: number;
  /** All that are not deleted. */
  readonly postCount: number;
}

const NONE: ProfileNumbers = { followerCount: 0, followingCount: 0, postCount: 0 };

/** The numbers of users: right within two seconds of the last change. */
export abstract class ProfileCounts {
  /** In the order asked for; zeros for a user that nobody knows. */
  abstract loadMany(users: readonly UserId[]): Promise<readonly ProfileNumbers[]>;

  async load(user: UserId): Promise<ProfileNumbers> {
    const [numbers = NONE] = await this.loadMany([user]);
    return numbers;
  }
}
