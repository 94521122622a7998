import { LRUCache } from 'lru-cache';
import type { CacheKey } from '../key-codec.ts';

interface Floor {
  version: number;
  untilMs: number;
}

/**
 * The version below which nothing may enter L1 any more, for the keys invalidated of late: a replica that lags, a copy
 * half written or a failover that lost an invalidation would bring back what has just been thrown out. A floor stands for
 * `keepMs`, or until it is settled where the shared tier has not heard of the invalidation yet. Bounded; O(1).
 */
export class VersionFloors<K extends CacheKey> {
  readonly #floors: LRUCache<K, Floor>;

  constructor(
    private readonly keepMs: number,
    entriesMax: number,
  ) {
    this.#floors = new LRUCache({ max: entriesMax });
  }

  /** 0 where anything may enter. */
  at(key: K, nowMs: number): number {
    const floor = this.#floors.get(key);
    if (floor === undefined) return 0;
    if (nowMs < floor.untilMs) return floor.version;
    this.#floors.delete(key);
    return 0;
  }

  /** @param pending stands until the next raise of the key, whatever time passes. */
  raise(key: K, version: number, nowMs: number, pending = false): void {
    const old = this.at(key, nowMs);
    const untilMs = pending ? Infinity : nowMs + this.keepMs;
    this.#floors.set(key, { version: Math.max(old, version), untilMs });
  }

  get size(): number {
    return this.#floors.size;
  }
}
