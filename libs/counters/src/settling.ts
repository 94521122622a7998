import { isAppError } from '#kernel';
import type { IndexSettlement, IndexState, MemberIndexStore } from '#storage';
import type { CounterEvents } from './counter-events.ts';
import type { Outcome } from './operation.ts';

/** What a change, or the set itself, says of a membership, as the index keeps it. */
export function stateOf({ since, at }: Pick<Outcome, 'since' | 'at'>): IndexState {
  return { joined: since !== undefined, since: since ?? 0n, at };
}

/** Settles rows. Where the store is away the marks stay and readers look at the set: slower, and as right. */
export async function settleIfPossible(
  store: MemberIndexStore,
  settlements: readonly IndexSettlement[],
): Promise<void> {
  try {
    await store.settle(settlements);
  } catch (error) {
    if (!isAppError(error, 'unavailable')) throw error;
  }
}

const BATCH_MAX = 500;
/** Rows beyond this keep their marks. */
const WAITING_MAX = 20_000;

/** Settles rows behind the backs of those who changed them: whoever reads a row before that asks the set. */
export class Settler {
  #waiting: IndexSettlement[] = [];
  #running: Promise<void> | undefined;

  constructor(
    private readonly store: MemberIndexStore,
    private readonly events: CounterEvents,
  ) {}

  add(settlement: IndexSettlement): void {
    if (this.#waiting.length >= WAITING_MAX) return;
    this.#waiting.push(settlement);
    this.#running ??= this.#run();
  }

  /** Resolves when nothing waits any more. */
  async done(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH_MAX);
      await this.store.settle(batch).catch((error: unknown) => this.events.failed('settling', error));
    }
    this.#running = undefined;
  }
}
