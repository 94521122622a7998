import { type Chance, type Clock, isAppError, pause, unavailable, withDeadline } from '#kernel';
import { Bulkhead, type BulkheadOptions, type Priority } from './bulkhead.ts';
import type { BreakerOptions, BreakerState, Permit } from './circuit-breaker.ts';
import { CircuitBreaker, defaultBreaker } from './circuit-breaker.ts';
import { defaultRetry, RetryBudget, type RetryOptions } from './retry-budget.ts';

export interface StoreGuardOptions extends BulkheadOptions {
  /** For messages. */
  readonly name: string;
  /** What one attempt may take. */
  readonly timeoutMs: number;
  readonly breaker?: Partial<BreakerOptions>;
  readonly retry?: Partial<RetryOptions>;
}

/** What the guard did so far, and how it stands. */
export interface GuardSnapshot {
  readonly state: BreakerState;
  readonly running: number;
  readonly queued: number;
  readonly shed: number;
  readonly attempts: number;
  readonly retries: number;
  readonly failures: number;
  readonly refusedOpen: number;
}

/**
 * Stands in front of one store: bulkhead, then circuit breaker, then a deadline for each attempt, and retries from a budget
 * for work that says it may be repeated. What it refuses is `unavailable` with a time to come back. Errors that are answers
 * (an AppError other than `unavailable`) do not speak against the store.
 */
export class StoreGuard {
  readonly #bulkhead: Bulkhead;
  readonly #breaker: CircuitBreaker;
  readonly #retries: RetryBudget;
  readonly #counts = { attempts: 0, retries: 0, failures: 0, refusedOpen: 0 };

  constructor(
    private readonly clock: Clock,
    chance: Chance,
    private readonly options: StoreGuardOptions,
  ) {
    this.#bulkhead = new Bulkhead(options.name, options);
    this.#breaker = new CircuitBreaker(clock, chance, { ...defaultBreaker, ...options.breaker });
    this.#retries = new RetryBudget(chance, { ...defaultRetry, ...options.retry });
  }

  /** @param repeatable the work may be done again when it failed, also when it failed with its effect in place. */
  async run<T>(work: () => Promise<T>, priority: Priority = 'normal', repeatable = false): Promise<T> {
    this.#retries.deposit();
    let begun = 0;
    const tried = () => (begun++, work());
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#bulkhead.run(() => this.#attempt(tried), priority);
      } catch (error) {
        // What was refused before it began is not tried again: that is what refusing is for.
        const worthIt = repeatable && begun === attempt && failsStore(error);
        const pauseMs = worthIt ? this.#retries.tryWithdraw(attempt) : undefined;
        if (pauseMs === undefined) throw error;
        this.#counts.retries++;
        await pause(pauseMs, this.clock);
      }
    }
  }

  get snapshot(): GuardSnapshot {
    const { running, queued, shed } = this.#bulkhead;
    return { state: this.#breaker.state, running, queued, shed, ...this.#counts };
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T> {
    const permit = this.#breaker.enter();
    if (permit === 0) {
      this.#counts.refusedOpen++;
      throw unavailable(`${this.options.name} is not being asked`, { retryAfterMs: this.#breaker.retryAfterMs });
    }
    this.#counts.attempts++;
    try {
      const result = await withDeadline(work(), this.options.timeoutMs, this.options.name, this.clock);
      this.#breaker.leave(permit, true);
      return result;
    } catch (error) {
      this.#failed(permit, error);
      throw error;
    }
  }

  #failed(permit: Permit, error: unknown): void {
    const failed = failsStore(error);
    if (failed) this.#counts.failures++;
    this.#breaker.leave(permit, !failed);
  }
}

function failsStore(error: unknown): boolean {
  return !isAppError(error) || isAppError(error, 'unavailable');
}
