import { UserDirectory } from '#http';
import type { UserId } from '#ids';
import type { User } from '#storage';
import type { Caches } from './caches.ts';

export class CachedUserDirectory extends UserDirectory {
  constructor(private readonly caches: Pick<Caches, 'users' | 'handles'>) {
    super();
  }

  async find(id: UserId): Promise<User | undefined> {
    return this.caches.users.get(id);
  }

  async findIdByHandle(handle: string): Promise<UserId | undefined> {
    return this.caches.handles.get(handle);
  }

  async changed({ id, handle }: User): Promise<void> {
    await Promise.all([this.caches.users.invalidate([id]), this.caches.handles.invalidate([handle])]);
  }
}
