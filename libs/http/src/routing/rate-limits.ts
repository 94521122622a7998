import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '#kernel';
import type { LimitClass } from './route-policy.ts';

/** Short, so that a burst is forgiven soon and no more clients are remembered than can ask in that time. */
const WINDOW_S = 10;

/** Requests per window and client. */
const RATES: Readonly<Record<LimitClass, number>> = {
  read: 300,
  write: 100,
  /** Registration and sign-in: each costs a password hash. */
  entry: 10,
  stream: 20,
};

/** Limits per client in this process's memory: nothing is asked over the network for a request. */
export class RateLimits {
  readonly #limiters: Readonly<Record<LimitClass, RateLimiterMemory>>;

  constructor(rates: Readonly<Record<LimitClass, number>> = RATES) {
    const limiterOf = (points: number): RateLimiterMemory =>
      new RateLimiterMemory({ points, duration: WINDOW_S, keyPrefix: '' });
    this.#limiters = {
      read: limiterOf(rates.read),
      write: limiterOf(rates.write),
      entry: limiterOf(rates.entry),
      stream: limiterOf(rates.stream),
    };
  }

  /** Counts one request. @throws AppError `rate_limited`. */
  async take(limit: LimitClass, client: string): Promise<void> {
    try {
      await this.#limiters[limit].consume(client);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new AppError('rate_limited', undefined, { retryAfterMs: refusal.msBeforeNext });
    }
  }
}
