import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { Limiter } from '#kernel';

export interface PasswordCost {
  readonly memoryKiB: number;
  readonly passes: number;
}

/** OWASP's first choice for argon2id (Password Storage Cheat Sheet, 2025): some 10 ms of one core. */
const COST: PasswordCost = { memoryKiB: 19_456, passes: 2 };

/** Half of libuv's threads: hashing never holds up what else waits for one. */
const CONCURRENCY = 2;
/** Some one or two seconds of work; whoever comes later is told at once to come back. */
const QUEUED_MAX = 256;

/**
 * Password hashes: argon2id (RFC 9106) as PHC strings, computed off the event loop. Both methods throw `unavailable` when
 * too many are waiting.
 */
export class Passwords {
  readonly #cost: { memoryCost: number; timeCost: number };
  readonly #limiter = new Limiter('password hashing', CONCURRENCY, QUEUED_MAX);
  /** What nobody's password verifies against, at the price of a real one. */
  readonly #decoy: string;

  constructor({ memoryKiB, passes }: PasswordCost = COST) {
    this.#cost = { memoryCost: memoryKiB, timeCost: passes };
    this.#decoy = `$argon2id$v=19$m=${memoryKiB},t=${passes},p=1$${random(16)}$${random(32)}`;
  }

  hash(password: string): Promise<string> {
    return this.#limiter.run(() => hash(password, this.#cost));
  }

  /** With `undefined`, for an account that does not exist: false after the same work. */
  verify(passwordHash: string | undefined, password: string): Promise<boolean> {
    return this.#limiter.run(() => verify(passwordHash ?? this.#decoy, password));
  }
}

const random = (bytes: number): string => randomBytes(bytes).toString('base64').replaceAll('=', '');
