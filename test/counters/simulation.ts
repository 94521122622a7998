import type { Fate, Fates } from './simulated-store.ts';
import type { Chance } from '#kernel';
import { type ManualClock, settle } from '#test';

/** How often writes end otherwise than well, and how often time passes instead of anything happening. */
export interface Trouble {
  readonly refused: number;
  readonly doneWithoutAnswer: number;
  readonly inDoubt: number;
  readonly pause: number;
}

export const noTrouble: Trouble = { refused: 0, doneWithoutAnswer: 0, inDoubt: 0, pause: 0 };

/**
 * Runs concurrent work one step at a time, in an order, with an outcome of each write and with pauses that are drawn by
 * chance: the same seed gives the same run.
 */
export class Simulation implements Fates {
  readonly #waiting: (() => void)[] = [];

  constructor(
    private readonly clock: ManualClock,
    private readonly chance: Chance,
    private readonly trouble: Trouble,
  ) {}

  step(): Promise<void> {
    return new Promise((resolve) => void this.#waiting.push(resolve));
  }

  next(): Fate {
    const { refused, doneWithoutAnswer, inDoubt } = this.trouble;
    const drawn = this.chance();
    if (drawn < refused) return 'refused';
    if (drawn < refused + doneWithoutAnswer) return 'done without answer';
    if (drawn < refused + doneWithoutAnswer + inDoubt) return this.chance() < 0.5 ? 'in doubt: done' : 'in doubt: lost';
    return 'done';
  }

  /** Moves on until `work` has ended. */
  async run<T>(work: Promise<T>): Promise<T> {
    let ended = false;
    const watched = work.finally(() => (ended = true));
    watched.catch(() => undefined); // it is awaited below
    for (let idleMs = 1; !ended;) {
      await settle();
      const next = this.#waiting.splice(Math.floor(this.chance() * this.#waiting.length), 1)[0];
      if (next) next();
      else await this.clock.advance((idleMs = Math.min(2 * idleMs, 1000)));
      if (next) idleMs = 1;
      if (this.chance() < this.trouble.pause) await this.clock.advance(this.chance() * 4000);
    }
    return watched;
  }
}
