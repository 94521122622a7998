import type { UserId } from '#ids';
import type { User, UserStore } from '#storage';

/** Users as readers see them: the store itself, or a cache in front of it. */
export abstract class UserDirectory {
  abstract find(id: UserId): Promise<User | undefined>;
  /** @param handle in lower case. */
  abstract findIdByHandle(handle: string): Promise<UserId | undefined>;
  /** To be called after a user was made or changed in the store: reads that start after it has resolved see that. */
  abstract changed(user: User): Promise<void>;
}

/** Without a cache. */
export class StoreUserDirectory extends UserDirectory {
  constructor(private readonly users: UserStore) {
    super();
  }

  find(id: UserId): Promise<User | undefined> {
    return this.users.find(id);
  }

  findIdByHandle(handle: string): Promise<UserId | undefined> {
    return this.users.findIdByHandle(handle);
  }

  changed(): Promise<void> {
    return Promise.resolve();
  }
}
