import type { Clock } from '#kernel';

/** A clock that stands still until a test moves it; timers that come due run in order of their time. */
export class ManualClock implements Clock {
  #elapsedMs = 0;
  #next = 0;
  readonly #timers = new Map<number, { atMs: number; work: () => void }>();

  constructor(private startMs = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.startMs + Math.floor(this.#elapsedMs);
  }

  elapsed(): number {
    return this.#elapsedMs;
  }

  after(delayMs: number, work: () => void): () => void {
    const key = this.#next++;
    this.#timers.set(key, { atMs: this.#elapsedMs + Math.max(0, delayMs), work });
    return () => void this.#timers.delete(key);
  }

  get timers(): number {
    return this.#timers.size;
  }

  /** Steps the wall clock alone, as an operator or NTP would; durations are not affected. */
  stepWall(deltaMs: number): void {
    this.startMs += deltaMs;
  }

  /** Moves time on, running due timers on the way and letting promises settle after each. */
  async advance(deltaMs: number): Promise<void> {
    const untilMs = this.#elapsedMs + deltaMs;
    await settle();
    for (;;) {
      const due = [...this.#timers]
        .filter(([, t]) => t.atMs <= untilMs)
        .sort((a, b) => a[1].atMs - b[1].atMs || a[0] - b[0])[0];
      if (!due) break;
      this.#timers.delete(due[0]);
      this.#elapsedMs = Math.max(this.#elapsedMs, due[1].atMs);
      due[1].work();
      await settle();
    }
    this.#elapsedMs = untilMs;
    await settle();
  }
}

/** Lets everything that waits only for promises run to its end. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
