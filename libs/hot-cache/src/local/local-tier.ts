import { LRUCache } from 'lru-cache';
import type { CacheKey } from '../key-codec.ts';
import type { Entry } from './entry.ts';
import { ENTRY_BYTES, weigh } from './weigh.ts';

export interface LocalBudget {
  readonly bytesMax: number;
  readonly hotBytesMax: number;
  readonly negativeBytesMax: number;
}

/**
 * L1: least recently used, bounded in bytes, in three rooms that cannot push each other out: hot keys (a scan of cold ones
 * must not evict them), everything else, and keys known not to exist (random ids must not evict what does exist).
 * Entries stay beyond their time, as what to serve when the source fails, until the room is needed. O(1).
 */
export class LocalTier<K extends CacheKey, V> {
  readonly #main: LRUCache<K, Entry<V>>;
  readonly #hot: LRUCache<K, Entry<V>>;
  readonly #negative: LRUCache<K, Entry<V>>;
  readonly #hotKeys = new Set<K>();

  constructor(private readonly budget: LocalBudget) {
    this.#main = roomOf(budget.bytesMax);
    this.#hot = roomOf(budget.hotBytesMax);
    this.#negative = roomOf(budget.negativeBytesMax);
  }

  /** Whatever is held for the key, also when its time is over. */
  find(key: K): Entry<V> | undefined {
    if (this.#hotKeys.size > 0) {
      const hot = this.#hot.get(key);
      if (hot !== undefined) return hot;
    }
    return this.#main.get(key) ?? (this.#negative.size > 0 ? this.#negative.get(key) : undefined);
  }

  put(key: K, entry: Entry<V>): void {
    this.delete(key);
    const room = entry.value === undefined ? this.#negative : this.#hotKeys.has(key) ? this.#hot : this.#main;
    room.set(key, entry, { size: ENTRY_BYTES + weigh(entry.value) + (typeof key === 'string' ? key.length : 0) });
    entry.shelved = room.peek(key) === entry; // there may be no room for it
  }

  delete(key: K): void {
    this.#hot.delete(key);
    this.#main.delete(key);
    this.#negative.delete(key);
  }

  /** Gives the key's entry, now and in future, a place among the hot ones. */
  promote(key: K): void {
    this.#hotKeys.add(key);
    this.#move(key);
  }

  demote(key: K): void {
    this.#hotKeys.delete(key);
    this.#move(key);
  }

  isHot(key: K): boolean {
    return this.#hotKeys.has(key);
  }

  /** Bytes charged at present, all rooms together. */
  get bytes(): number {
    return this.#main.calculatedSize + this.#hot.calculatedSize + this.#negative.calculatedSize;
  }

  get entries(): { main: number; hot: number; negative: number } {
    return { main: this.#main.size, hot: this.#hot.size, negative: this.#negative.size };
  }

  get bytesMax(): number {
    return this.budget.bytesMax + this.budget.hotBytesMax + this.budget.negativeBytesMax;
  }

  #move(key: K): void {
    const entry = this.#hot.get(key) ?? this.#main.get(key);
    if (entry !== undefined) this.put(key, entry);
  }
}

function roomOf<K extends CacheKey, V>(bytesMax: number): LRUCache<K, Entry<V>> {
  return new LRUCache({ maxSize: bytesMax, dispose: (entry) => (entry.shelved = false) });
}
