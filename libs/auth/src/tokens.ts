import { jwtVerify, SignJWT, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { type UserId, parseId } from '#ids';
import { AppError, type Clock } from '#kernel';
import type { Identity, IssuedToken } from './identity.ts';
import { SigningKeys } from './signing-keys.ts';

export interface TokensOptions {
  /** Its UTF-8 text is the key. */
  readonly secret: string;
  readonly previousSecrets?: readonly string[];
  readonly ttlMs: number;
  readonly clock: Clock;
  /** Verified tokens remembered. */
  readonly rememberedMax?: number;
}

const ALGORITHM = 'HS256';
const OPS = 'ops';
/** Ours have some 200; nothing longer is worth an HMAC. */
const TOKEN_CHARACTERS_MAX = 2_000;
const ACCOUNTLESS = 'operator';

/**
 * Bearer tokens: JWT (RFC 7519) signed with HS256; claims `sub` (user id), `iat`, `exp` and, for operators, `scope: "ops"`.
 * A verified token is remembered until it expires, so a client's next request costs a look-up and no HMAC.
 */
export class Tokens {
  readonly #keys: SigningKeys;
  readonly #ttlMs: number;
  readonly #clock: Clock;
  readonly #verified: LRUCache<string, Identity>;

  constructor({ secret, previousSecrets = [], ttlMs, clock, rememberedMax = 20_000 }: TokensOptions) {
    this.#keys = new SigningKeys(secret, previousSecrets);
    this.#ttlMs = ttlMs;
    this.#clock = clock;
    this.#verified = new LRUCache({ max: rememberedMax });
  }

  /** @param subject at least one of the two: an account, or the right to operate. */
  async issue({ userId, ops = false }: { userId?: UserId; ops?: boolean }): Promise<IssuedToken> {
    const nowS = Math.floor(this.#clock.now() / 1000);
    const expiresAtS = nowS + Math.ceil(this.#ttlMs / 1000);
    const token = await new SignJWT(ops ? { scope: OPS } : {})
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', kid: this.#keys.kid })
      .setSubject(userId === undefined ? ACCOUNTLESS : String(userId))
      .setIssuedAt(nowS)
      .setExpirationTime(expiresAtS)
      .sign(this.#keys.current);
    return { token, expiresAtMs: expiresAtS * 1000 };
  }

  /** The identity of a token that was verified before; undefined says nothing about the token. */
  peek(token: string): Identity | undefined {
    const identity = this.#verified.get(token);
    return identity && identity.expiresAtMs > this.#clock.now() ? identity : undefined;
  }

  /** @throws AppError `unauthorized`, without a reason that would help a forger. */
  async verify(token: string): Promise<Identity> {
    const known = this.peek(token);
    if (known) return known;
    if (token.length > TOKEN_CHARACTERS_MAX) throw new AppError('unauthorized');
    const identity = identityOf(await this.#payloadOf(token));
    this.#verified.set(token, identity);
    return identity;
  }

  async #payloadOf(token: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, ({ kid }) => this.#keyOf(kid), {
        algorithms: [ALGORITHM],
        requiredClaims: ['sub', 'exp'],
        currentDate: new Date(this.#clock.now()),
      });
      return payload;
    } catch (cause) {
      throw new AppError('unauthorized', undefined, { cause });
    }
  }

  #keyOf(kid: string | undefined) {
    const key = this.#keys.find(kid);
    if (!key) throw new AppError('unauthorized');
    return key;
  }
}

function identityOf({ sub = '', exp = 0, scope }: JWTPayload): Identity {
  const userId = parseId<UserId>(sub);
  const ops = typeof scope === 'string' && scope.split(' ').includes(OPS);
  if (userId === undefined && !ops) throw new AppError('unauthorized');
  return Object.freeze({ userId, ops, expiresAtMs: exp * 1000 });
}
