import type { CacheKey } from './key-codec.ts';

/**
 * One key on its way from the tiers below: all readers of the key in this process share it (single flight; golang's
 * groupcache). It may be settled, when its readers have their value, well before it is over, when L1 has it too.
 */
export class Flight<K extends CacheKey, V> {
  readonly promise: Promise<V | undefined>;
  /** Set when the key was invalidated, or trust was lost, after it began: what it brings may not enter L1. */
  voided = false;
  /** Whether its value came from the source. */
  loaded = false;
  #settled = false;
  #resolve!: (value: V | undefined) => void;
  #reject!: (error: unknown) => void;

  constructor(
    readonly key: K,
    readonly generation: number,
    /** For the lease, if there will be one. */
    readonly token: string,
  ) {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.promise.catch(() => undefined); // A refresh in the background has no reader who would catch it.
  }

  get settled(): boolean {
    return this.#settled;
  }

  settle(value: V | undefined): void {
    this.#settled = true;
    this.#resolve(value);
  }

  fail(error: unknown): void {
    this.#settled = true;
    this.#reject(error);
  }
}
