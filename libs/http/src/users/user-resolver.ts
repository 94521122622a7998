import { AppError } from '#kernel';
import type { User } from '#storage';
import type { UserReference } from '../schemas/index.ts';
import type { UserDirectory } from './user-directory.ts';

/** From `:user` in a path to the user. */
export class UserResolver {
  constructor(private readonly directory: UserDirectory) {}

  /** @throws AppError `not_found`. */
  async get(reference: UserReference): Promise<User> {
    const id = 'id' in reference ? reference.id : await this.directory.findIdByHandle(reference.handle);
    const user = id === undefined ? undefined : await this.directory.find(id);
    if (!user) throw new AppError('not_found', 'there is no such user');
    return user;
  }
}
