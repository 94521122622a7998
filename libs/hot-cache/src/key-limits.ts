import { LRUCache } from 'lru-cache';
import type { CacheKey } from './key-codec.ts';
import { TokenBucket } from './guard/token-bucket.ts';

/** More keys than this starting flights within moments of each other are no hot keys. */
const BUCKETS_MAX = 4_096;

/**
 * What one key may cost the tiers below, by a token bucket each, in this process: no call for a call. Hits in L1 are not
 * counted, they cost nothing; so it bites where a key fails, is invalidated without pause or does not fit L1.
 */
export class KeyLimits<K extends CacheKey> {
  readonly #buckets = new LRUCache<K, TokenBucket>({ max: BUCKETS_MAX });

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
  ) {}

  /** 0 where the key may go on, else how long it should wait, in milliseconds. */
  take(key: K, nowMs: number): number {
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) this.#buckets.set(key, (bucket = new TokenBucket(this.perSecond, this.burst, nowMs)));
    return bucket.take(nowMs);
  }
}
