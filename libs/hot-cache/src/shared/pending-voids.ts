import type { Clock } from '#kernel';

/**
 * Invalidations that the shared tier has not heard of: kept, up to a number, and repeated until it has. Meanwhile the keys'
 * floors stand, here and in all processes that could be told, so that none of these believes the tier.
 */
export class PendingVoids {
  readonly #names = new Set<string>();
  /** Those among them that the other processes do not know of either. */
  readonly #untold = new Set<string>();
  #underWay: ReadonlySet<string> = new Set();
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

  /** Whether the others might believe the tier although they should not. */
  get owes(): boolean {
    return this.#untold.size > 0;
  }

  add(names: readonly string[]): void {
    for (const name of names) {
      if (this.#names.size < this.options.namesMax) this.#names.add(name);
      else this.#dropped++;
    }
    this.#schedule();
  }

  /** Nobody else knows of these; of those that have got through meanwhile they do. */
  owe(names: readonly string[]): void {
    for (const name of names) if (this.#names.has(name) || this.#underWay.has(name)) this.#untold.add(name);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#names.clear();
    this.#untold.clear();
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
      this.#underWay = new Set(batch);
      const done = await this.retry(batch);
      this.#underWay = new Set();
      if (done) {
        for (const name of batch) if (!this.#names.has(name)) this.#untold.delete(name);
        continue;
      }
      if (!this.#stopped) for (const name of batch) this.#names.add(name);
      return;
    }
  }
}
