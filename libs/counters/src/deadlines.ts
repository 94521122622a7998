import type { Clock } from '#kernel';

/** Something that must be done with by a moment of the monotonic clock. */
export interface Watched {
  readonly deadlineMs: number;
  /** Called once, when it is not. */
  expire(): void;
}

/** How late an expiry may be noticed. */
const TICK_MS = 200;

/** Watches any number of deadlines with one timer: there are too many groups for a timer each. */
export class Deadlines {
  readonly #watched = new Set<Watched>();
  #ticking = false;

  constructor(private readonly clock: Clock) {}

  watch(watched: Watched): void {
    this.#watched.add(watched);
    if (!this.#ticking) this.#wait();
  }

  /** It is done with; fine to say twice. */
  forget(watched: Watched): void {
    this.#watched.delete(watched);
  }

  #wait(): void {
    this.#ticking = true;
    this.clock.after(TICK_MS, () => this.#tick());
  }

  #tick(): void {
    const nowMs = this.clock.elapsed();
    for (const watched of this.#watched) {
      if (watched.deadlineMs > nowMs) continue;
      this.#watched.delete(watched);
      watched.expire();
    }
    this.#ticking = false;
    if (this.#watched.size > 0) this.#wait();
  }
}
