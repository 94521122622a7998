import type { BackgroundWork, CounterEvents } from './counter-events.ts';

/** Work that nobody waits for until the end. What fails in it is reported and done again when there is a reason to. */
export class Background {
  readonly #work = new Set<Promise<void>>();

  constructor(private readonly events: CounterEvents) {}

  run(what: BackgroundWork, work: Promise<void>): void {
    const watched = work
      .catch((error: unknown) => this.events.failed(what, error))
      .finally(() => this.#work.delete(watched));
    this.#work.add(watched);
  }

  /** Resolves when all of it has ended. */
  async done(): Promise<void> {
    while (this.#work.size > 0) await Promise.all(this.#work);
  }
}
