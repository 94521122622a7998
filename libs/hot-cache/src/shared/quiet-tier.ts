import { type Clock, withDeadline } from '#kernel';
import type { CircuitBreaker } from '../guard/circuit-breaker.ts';
import type { SharedTier } from './shared-tier.ts';

/** Every failure of the shared tier, and how long it was not even asked. */
export interface TierCounters {
  calls: number;
  failures: number;
  skipped: number;
}

/**
 * The shared tier as readers may use it: a cache may fail silently, decided here and nowhere else. Every call has a deadline
 * (a reply that never comes must not wedge a key), and a tier that fails is left alone for a while.
 */
export class QuietTier {
  readonly counters: TierCounters = { calls: 0, failures: 0, skipped: 0 };
  #answeredAtMs = -Infinity;

  constructor(
    private readonly tier: SharedTier,
    private readonly breaker: CircuitBreaker,
    private readonly timeoutMs: number,
    private readonly clock: Clock,
  ) {}

  get state(): CircuitBreaker['state'] {
    return this.breaker.state;
  }

  /** When it answered last. */
  get answeredAtMs(): number {
    return this.#answeredAtMs;
  }

  tags(): readonly string[] {
    return this.tier.tags();
  }

  /**
   * What the tier answers, or undefined where it does not.
   * @param undo sent after a call that was sent and not answered in time: it may take effect all the same.
   */
  async ask<T>(
    work: (tier: SharedTier) => Promise<T>,
    undo?: (tier: SharedTier) => Promise<void>,
  ): Promise<T | undefined> {
    const permit = this.breaker.enter();
    if (permit === 0) {
      this.counters.skipped++;
      return undefined;
    }
    this.counters.calls++;
    try {
      const answer = await withDeadline(work(this.tier), this.timeoutMs, 'the shared cache', this.clock);
      this.breaker.leave(permit, true);
      this.#answeredAtMs = this.clock.elapsed();
      return answer;
    } catch {
      this.counters.failures++;
      this.breaker.leave(permit, false);
      undo?.(this.tier).catch(() => undefined);
      return undefined;
    }
  }
}
