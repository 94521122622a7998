import type { Clock } from '#kernel';
import { settle } from '#test';

interface Timer {
  readonly atMs: number;
  readonly work: () => void;
  cancelled: boolean;
}

/**
 * A clock for thousands of runs: like ManualClock, but what comes due at the same millisecond runs together before promises
 * settle, and timers are kept in order.
 */
export class SteppingClock implements Clock {
  #elapsedMs = 0;
  /** Latest first. */
  readonly #timers: Timer[] = [];

  now(): number {
    return Date.UTC(2026, 0, 1) + this.#elapsedMs;
  }

  elapsed(): number {
    return this.#elapsedMs;
  }

  after(delayMs: number, work: () => void): () => void {
    const timer = { atMs: this.#elapsedMs + Math.max(0, Math.ceil(delayMs)), work, cancelled: false };
    let [from, to] = [0, this.#timers.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.#timers[middle]!.atMs > timer.atMs) from = middle + 1;
      else to = middle;
    }
    this.#timers.splice(from, 0, timer);
    return () => (timer.cancelled = true);
  }

  get timers(): number {
    return this.#timers.filter(({ cancelled }) => !cancelled).length;
  }

  async advance(deltaMs: number): Promise<void> {
    const untilMs = this.#elapsedMs + Math.ceil(deltaMs);
    await settle();
    while (this.#nextMs() <= untilMs) await this.next();
    this.#elapsedMs = untilMs;
  }

  /** Moves on to the next moment at which something is due. */
  async next(): Promise<void> {
    const atMs = this.#nextMs();
    if (atMs === Infinity) return settle();
    this.#elapsedMs = atMs;
    while (this.#timers.at(-1)?.atMs === atMs) {
      const timer = this.#timers.pop()!;
      if (!timer.cancelled) timer.work();
    }
    await settle();
  }

  #nextMs(): number {
    while (this.#timers.at(-1)?.cancelled) this.#timers.pop();
    return this.#timers.at(-1)?.atMs ?? Infinity;
  }
}
