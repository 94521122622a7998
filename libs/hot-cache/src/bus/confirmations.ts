import { type Clock, finishesWithin } from '#kernel';

interface Wait {
  /** Who has not confirmed yet. */
  readonly from: Set<string>;
  readonly end: () => void;
}

/** Invalidations whose sender waits until all others have said that they heard them. */
export class Confirmations {
  readonly #waits = new Map<number, Wait>();

  constructor(private readonly clock: Clock) {}

  /** True when each of `origins` has confirmed the sender's invalidation, or is gone; false after `atMostMs`. */
  async wait(sequence: number, origins: Iterable<string>, atMostMs: number): Promise<boolean> {
    const from = new Set(origins);
    if (from.size === 0) return true;
    const all = new Promise<void>((end) => this.#waits.set(sequence, { from, end }));
    const confirmed = await finishesWithin(all, atMostMs, this.clock);
    this.#waits.delete(sequence);
    return confirmed;
  }

  hear(origin: string, sequence: number): void {
    const wait = this.#waits.get(sequence);
    if (wait?.from.delete(origin) && wait.from.size === 0) wait.end();
  }

  /** It stopped, or is taken for dead: it serves nobody any more. */
  gone(origin: string): void {
    for (const sequence of this.#waits.keys()) this.hear(origin, sequence);
  }
}
