import type { UserId } from '#ids';

/** Blocks. Each is found from both sides. */
export abstract class BlockStore {
  /** Idempotent. */
  abstract put(blocker: UserId, blocked: UserId): Promise<void>;
  /** Idempotent. */
  abstract remove(blocker: UserId, blocked: UserId): Promise<void>;
  /** Which of `others` have blocked the user or are blocked by them. */
  abstract findBetween(user: UserId, others: readonly UserId[]): Promise<Set<UserId>>;
  /** Whether there is any block with this user on either side; false spares a reader all further questions. */
  abstract hasAny(user: UserId): Promise<boolean>;
}

/** Mutes: known to the muter only. */
export abstract class MuteStore {
  /** Idempotent. */
  abstract put(muter: UserId, muted: UserId): Promise<void>;
  /** Idempotent. */
  abstract remove(muter: UserId, muted: UserId): Promise<void>;
  abstract loadAll(muter: UserId): Promise<UserId[]>;
}
