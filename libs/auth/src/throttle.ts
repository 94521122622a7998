import { LRUCache } from 'lru-cache';
import type { Clock } from '#kernel';

export interface ThrottleRate {
  /** Attempts possible at once after a quiet period. */
  readonly burst: number;
  /** How long an empty allowance takes to fill again, evenly. */
  readonly periodMs: number;
}

/**
 * Counts attempts per key: the generic cell rate algorithm (ITU-T I.371), one number per key. Holds the `keysMax` most
 * recently used keys; a key that fell out starts afresh.
 */
export class Throttle {
  readonly #clock: Clock;
  readonly #periodMs: number;
  readonly #stepMs: number;
  /** When the key's allowance will be full again. */
  readonly #fullAtMs: LRUCache<string, number>;

  constructor({ burst, periodMs }: ThrottleRate, keysMax: number, clock: Clock) {
    this.#clock = clock;
    this.#periodMs = periodMs;
    this.#stepMs = periodMs / burst;
    this.#fullAtMs = new LRUCache({ max: keysMax });
  }

  /** Takes one attempt and returns 0, or takes nothing and returns how many milliseconds to wait for one. */
  take(key: string): number {
    const nowMs = this.#clock.elapsed();
    const fullAtMs = Math.max(this.#fullAtMs.get(key) ?? 0, nowMs) + this.#stepMs;
    const waitMs = fullAtMs - nowMs - this.#periodMs;
    if (waitMs > 0) return waitMs;
    this.#fullAtMs.set(key, fullAtMs);
    return 0;
  }

  /** Undoes one `take`. */
  giveBack(key: string): void {
    const fullAtMs = this.#fullAtMs.get(key);
    if (fullAtMs !== undefined) this.#fullAtMs.set(key, fullAtMs - this.#stepMs);
  }
}
