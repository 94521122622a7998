import type { CacheKey } from '../key-codec.ts';

interface Floor {
  readonly version: number;
  readonly untilMs: number;
}

/**
 * The version below which nothing may enter L1 any more, for the keys invalidated of late: a replica that lags, a copy
 * half written or a failover that lost an invalidation would bring back what has just been thrown out. A floor stands for
 * `keepMs`, or until the next raise where the shared tier has not heard of the invalidation yet. Bounded: where there are too
 * many, the oldest goes. O(1).
 */
export class VersionFloors<K extends CacheKey> {
  /** In the order of the last raise. */
  readonly #floors = new Map<K, Floor>();

  constructor(
    private readonly keepMs: number,
    private readonly entriesMax: number,
  ) {}

  /** 0 where anything may enter. */
  at(key: K, nowMs: number): number {
    const floor = this.#floors.get(key);
    return floor !== undefined && nowMs < floor.untilMs ? floor.version : 0;
  }

  /** @param pending stands until the next raise of the key, whatever time passes. */
  raise(key: K, version: number, nowMs: number, pending = false): void {
    const raised = Math.max(this.at(key, nowMs), version);
    this.#floors.delete(key);
    this.#floors.set(key, { version: raised, untilMs: pending ? Infinity : nowMs + this.keepMs });
    this.#dropOldest(nowMs);
  }

  get size(): number {
    return this.#floors.size;
  }

  /** At most two for each raise: it shrinks, and never stops the event loop. */
  #dropOldest(nowMs: number): void {
    let looked = 0;
    for (const [key, { untilMs }] of this.#floors) {
      if (this.#floors.size <= this.entriesMax && untilMs > nowMs) return;
      this.#floors.delete(key);
      if (++looked === 2) return;
    }
  }
}
