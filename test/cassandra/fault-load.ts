import type { Stores } from '#storage';
import { until } from '#test';

/** Something that clients do over and over, and what they were told. */
export interface Deed {
  readonly name: string;
  /** How many do it at once. */
  readonly clients: number;
  once(): Promise<void>;
  /** What is wrong with what there is in the end, in words. */
  faults(): Promise<string[]>;
}

/** Two processes with stores of their own over the same data. */
export type TwoProcesses = readonly [Stores, Stores];

/** Does all deeds at once while `cause` makes things happen; resolves to what failed, with the name of the deed. */
export async function underLoad(
  deeds: readonly Deed[],
  cause: (load: Pick<FaultLoad, 'progress'>) => Promise<void>,
): Promise<string[]> {
  const load = new FaultLoad(deeds);
  try {
    await cause(load);
  } finally {
    await load.stop();
  }
  return load.failures;
}

const FAILURES_MAX = 20;

class FaultLoad {
  readonly #done = new Map<Deed, number>();
  readonly #running: Promise<void>[] = [];
  #stopped = false;
  readonly failures: string[] = [];

  constructor(private readonly deeds: readonly Deed[]) {
    for (const deed of deeds) {
      this.#done.set(deed, 0);
      for (let i = 0; i < deed.clients; i++) this.#running.push(this.#repeat(deed));
    }
  }

  /** Resolves when each deed was done so many times more; throws when one is held up. */
  async progress(times: number): Promise<void> {
    const before = new Map(this.#done);
    const done = () => this.deeds.map((deed) => [deed.name, this.#times(deed) - (before.get(deed) ?? 0)] as const);
    const enough = (each: (readonly [string, number])[]) => each.every(([, count]) => count >= times);
    await until(done, enough, { deadlineMs: 120_000 });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
  }

  async #repeat(deed: Deed): Promise<void> {
    while (!this.#stopped && this.failures.length < FAILURES_MAX) {
      await deed.once().catch((error: unknown) => this.failures.push(`${deed.name}: ${String(error)}`));
      this.#done.set(deed, this.#times(deed) + 1);
    }
  }

  #times(deed: Deed): number {
    return this.#done.get(deed) ?? 0;
  }
}
