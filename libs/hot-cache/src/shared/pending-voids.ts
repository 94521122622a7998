import type { Clock } from '#kernel';

/**
 * Invalidations that the shared tier has not heard of: kept, up to a number, and repeated until it has. Meanwhile this process keeps the keys' floors, so that it does not believe the tier itself.
 */
export class PendingVoids {
  readonly #names = new Set<string>();
  #cancel: (() => void) | undefined;
  #dropped = 0;
  #stopped = false;

  constructor(
    /** Invalidates the names; false where the tier still does not answer. */
    private readonly retry: (names: readonly string[]) => Promise<boolean>,
    private readonly clock: Clock,
    private readonly options: { everyMs: number; namesMax: number; batchMax: number },
  ) {}

  get size(): number {
    return this.#names.size;
  }

  /** How many had to be given up for want of room. */
  get dropped(): number {
    return this.#dropped;
  }

  add(names: readonly string[]): void {
    for (const name of names) {
      if (this.#names.size < this.options.namesMax) this.#names.add(name);
      else this.#dropped++;
    }
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#names.clear();
  }

  #schedule(): void {
    if (this.#cancel !== undefined || this.#names.size === 0) return;
    this.#cancel = this.clock.after(this.options.everyMs, () => {
      void this.#run().finally(() => {
        this.#cancel = undefined;
        this.#schedule();
      });
    });
  }

  async #run(): Promise<void> {
    while (this.#names.size > 0) {
      const batch = [...this.#names].slice(0, this.options.batchMax);
      // Taken out first: a name that comes in while its repetition is on its way needs another one.
      for (const name of batch) this.#names.delete(name);
      if (await this.retry(batch)) continue;
      if (!this.#stopped) for (const name of batch) this.#names.add(name);
      return;
    }
  }
}
