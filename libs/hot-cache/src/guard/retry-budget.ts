import type { Chance } from '#kernel';

export interface RetryOptions {
  /** How many retries each first attempt pays for: 0.1 lets retries add at most a tenth to the load. */
  readonly ratio: number;
  /** How many may be saved up. */
  readonly savedMax: number;
  /** The first pause is drawn from 0 to this, each later one from twice as much, up to `pauseMaxMs` ("full jitter"). */
  readonly pauseMs: number;
  readonly pauseMaxMs: number;
  /** Attempts of one piece of work, the first included. */
  readonly attemptsMax: number;
}

export const defaultRetry: RetryOptions = { ratio: 0.1, savedMax: 20, pauseMs: 20, pauseMaxMs: 500, attemptsMax: 3 };

/**
 * Retries are paid from what first attempts put aside, so that a store in trouble never meets more than `1 + ratio` times
 * its load, however many callers would like to try again (retry budgets: Finagle; "Site Reliability Engineering",
 * chapter 22; jitter: Brooker, "Exponential Backoff and Jitter", 2015).
 */
export class RetryBudget {
  #saved = 0;

  constructor(
    private readonly chance: Chance,
    private readonly options: RetryOptions = defaultRetry,
  ) {}

  /** To be said of every first attempt. */
  deposit(): void {
    this.#saved = Math.min(this.options.savedMax, this.#saved + this.options.ratio);
  }

  /** The pause before the attempt that follows the `attempt`-th failed one; undefined where there shall be none. */
  tryWithdraw(attempt: number): number | undefined {
    if (attempt >= this.options.attemptsMax || this.#saved < 1) return undefined;
    this.#saved--;
    return this.chance() * Math.min(this.options.pauseMaxMs, this.options.pauseMs * 2 ** (attempt - 1));
  }
}
