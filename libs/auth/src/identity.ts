import type { UserId } from '#ids';

/** Who a valid token stands for. */
export interface Identity {
  /** Undefined for an operator's token that belongs to no account. */
  readonly userId: UserId | undefined;
  /** Whether the token has the `ops` scope. */
  readonly ops: boolean;
  readonly expiresAtMs: number;
}

export interface IssuedToken {
  readonly token: string;
  readonly expiresAtMs: number;
}
