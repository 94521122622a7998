import type { ProfileCounts } from '#http';
import { userBody, type UserBody } from '#http';
import type { UserId } from '#ids';
import type { Lookup } from '#presentation';
import type { User } from '#storage';

/** Users as lists show them: profiles and numbers in one batch each. */
export class UserLists {
  constructor(
    private readonly users: Lookup<UserId, User>,
    private readonly counts: ProfileCounts,
  ) {}

  async present(ids: readonly UserId[]): Promise<UserBody[]> {
    const [users, numbers] = await Promise.all([this.users.getMany(ids), this.counts.loadMany(ids)]);
    return ids.flatMap((_, i) => {
      const user = users[i];
      const count = numbers[i];
      return user && count ? [userBody(user, count)] : [];
    });
  }
}
