import { createHash, createSecretKey, type KeyObject } from 'node:crypto';

const KID_CHARACTERS = 8;

/**
 * The keys of HS256 tokens, found by `kid`, a short hash of the secret. The first secret signs; the others are accepted,
 * so that a secret can be replaced while tokens of the old one are about.
 */
export class SigningKeys {
  readonly kid: string;
  readonly current: KeyObject;
  readonly #byKid: ReadonlyMap<string, KeyObject>;

  constructor(secret: string, previousSecrets: readonly string[] = []) {
    this.kid = kidOf(secret);
    this.current = keyOf(secret);
    this.#byKid = new Map([...previousSecrets.map((s) => [kidOf(s), keyOf(s)] as const), [this.kid, this.current]]);
  }

  /** A token without a `kid` can only be one of the current key. */
  find(kid: string | undefined): KeyObject | undefined {
    return kid === undefined ? this.current : this.#byKid.get(kid);
  }
}

const keyOf = (secret: string): KeyObject => createSecretKey(secret, 'utf8');
const kidOf = (secret: string): string =>
  createHash('sha256').update('kid\0').update(secret).digest('base64url').slice(0, KID_CHARACTERS);
