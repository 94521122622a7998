import type { PostId, UserId } from '#ids';

export interface IdempotencyClaim {
  /** A hash of what is asked: the same key with another one is a mistake. */
  readonly fingerprint: string;
  /** The id under which the work is done, so that who takes over does not do it twice. */
  readonly postId: PostId;
  /** Until when the claimer may work on it undisturbed: milliseconds since the Unix epoch. */
  readonly leaseUntilMs: number;
}

export interface IdempotencyRecord extends IdempotencyClaim {
  /** The answer, once there is one. */
  readonly answer: { readonly status: number; readonly body: string } | undefined;
}

/** Answers kept by (user, key), so that a repeated request gets the first one's. Rows vanish after `ttlMs`. */
export abstract class IdempotencyStore {
  /** Claims the key if it is free; resolves to undefined then, else to the record that holds it. */
  abstract claim(
    user: UserId,
    key: string,
    claim: IdempotencyClaim,
    ttlMs: number,
  ): Promise<IdempotencyRecord | undefined>;
  /** Extends a lease that has run out, if it is still the one seen and without an answer; false if somebody was faster. */
  abstract takeOver(user: UserId, key: string, seen: IdempotencyRecord, leaseUntilMs: number): Promise<boolean>;
  /** Keeps the answer. */
  abstract complete(user: UserId, key: string, record: IdempotencyRecord, ttlMs: number): Promise<void>;
  /** Frees a key whose request was refused: only successes are kept. */
  abstract release(user: UserId, key: string): Promise<void>;
  abstract find(user: UserId, key: string): Promise<IdempotencyRecord | undefined>;
}
