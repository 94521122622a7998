import type { Clock } from '#kernel';
import type { Trust } from '../trust.ts';
import type { Entry } from './entry.ts';

/**
 * What L1 answered for some keys, and whether it still would. Something that was made of the values is good while it
 * does, and finding that out takes a few nanoseconds a key: no key is looked up, none is counted as read.
 */
export class Held<V> {
  constructor(
    private readonly entries: readonly Entry<V>[],
    private readonly trust: Trust,
    private readonly clock: Clock,
  ) {}

  /** In the order of the keys. */
  isMadeOf(values: readonly (V | undefined)[]): boolean {
    return this.entries.every(({ value }, i) => value === values[i]);
  }

  /** False also where a reader would start a refresh: then somebody should read. */
  get isCurrent(): boolean {
    const nowMs = this.clock.elapsed();
    const generation = this.trust.generationAt(nowMs);
    for (const entry of this.entries) if (!entry.isFresh(nowMs) || entry.generation !== generation) return false;
    return true;
  }
}
