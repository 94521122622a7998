import type { UserId } from '#ids';

export interface User {
  readonly id: UserId;
  /** Lower case, unique. */
  readonly handle: string;
  readonly displayName: string;
}

export interface NewUser extends User {
  /** An encoded password hash (PHC string). */
  readonly passwordHash: string;
}

/**
 * Accounts. A handle always leads to a user that exists: the user is written first, then the handle is claimed by a
 * conditional write; a loser's user row stays behind, reachable by nobody.
 */
export abstract class UserStore {
  /** Creates the user; false when the handle belongs to another id. Repeating it with the same id completes it: true. */
  abstract create(user: NewUser): Promise<boolean>;
  abstract find(id: UserId): Promise<User | undefined>;
  /** In the order asked for; undefined where there is none. */
  abstract findMany(ids: readonly UserId[]): Promise<(User | undefined)[]>;
  /** @param handle in lower case. */
  abstract findIdByHandle(handle: string): Promise<UserId | undefined>;
  abstract findPasswordHash(id: UserId): Promise<string | undefined>;
  /** Does nothing for an unknown id. */
  abstract setDisplayName(id: UserId, displayName: string): Promise<void>;
}
