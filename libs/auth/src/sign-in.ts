import type { UserId } from '#ids';
import { AppError } from '#kernel';
import type { UserStore } from '#storage';
import type { Passwords } from './passwords.ts';
import type { SignInThrottle } from './sign-in-throttle.ts';

/** No user has it: the store is asked the same questions whether or not a handle exists. */
const NOBODY = 0n as UserId;

/** Handle and password for a user id: the same work, time and answer for a wrong password and an unknown handle. */
export class SignIn {
  /** @param throttle undefined: failed attempts are not limited. */
  constructor(
    private readonly users: UserStore,
    private readonly passwords: Passwords,
    private readonly throttle: SignInThrottle | undefined,
  ) {}

  /**
   * @param handle in lower case.
   * @param address where the request comes from; what counts as one client is the caller's choice.
   * @throws AppError `bad_credentials`, `rate_limited`, `unavailable`.
   */
  async signIn(handle: string, password: string, address: string): Promise<UserId> {
    this.throttle?.begin(address, handle);
    const userId = await this.#findUser(handle, password).catch((error: unknown) => {
      this.throttle?.forgive(address, handle);
      throw error;
    });
    if (userId === undefined) throw new AppError('bad_credentials');
    this.throttle?.forgive(address, handle);
    return userId;
  }

  async #findUser(handle: string, password: string): Promise<UserId | undefined> {
    const userId = await this.users.findIdByHandle(handle);
    const passwordHash = await this.users.findPasswordHash(userId ?? NOBODY);
    return (await this.passwords.verify(passwordHash, password)) ? userId : undefined;
  }
}
