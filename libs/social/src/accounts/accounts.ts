import { Inject, Injectable } from '@nestjs/common';
import { Passwords } from '#auth';
import { type ProfileChange, type Registration, UserDirectory } from '#http';
import { IdGenerator, type UserId } from '#ids';
import { AppError } from '#kernel';
import { type User, UserStore } from '#storage';

/** Makes and changes accounts. */
@Injectable()
export class Accounts {
  constructor(
    @Inject(UserStore) private readonly users: UserStore,
    @Inject(UserDirectory) private readonly directory: UserDirectory,
    @Inject(Passwords) private readonly passwords: Passwords,
    @Inject(IdGenerator) private readonly ids: IdGenerator,
  ) {}

  /** @throws AppError `handle_taken`. */
  async register({ handle, password, displayName = handle }: Registration): Promise<User> {
    // Cheap and only a hint: spares the hash of the password. What decides is the conditional write below.
    if ((await this.users.findIdByHandle(handle)) !== undefined) throw new AppError('handle_taken');
    const passwordHash = await this.passwords.hash(password);
    const user: User = { id: this.ids.next<UserId>(), handle, displayName };
    if (!(await this.users.create({ ...user, passwordHash }))) throw new AppError('handle_taken');
    await this.directory.changed(user);
    return user;
  }

  /** The caller's own account. @throws AppError `unauthorized` when the token outlived it. */
  async getOwn(viewer: UserId): Promise<User> {
    const user = await this.directory.find(viewer);
    if (!user) throw new AppError('unauthorized', 'the account of this token does not exist');
    return user;
  }

  async change(viewer: UserId, { displayName }: ProfileChange): Promise<User> {
    const user = { ...(await this.getOwn(viewer)), displayName };
    await this.users.setDisplayName(viewer, displayName);
    await this.directory.changed(user);
    return user;
  }
}
