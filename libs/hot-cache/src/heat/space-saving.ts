export interface Counted<K> {
  readonly key: K;
  /** It came at least this often: its count less what it may have inherited. */
  readonly atLeast: number;
}

/**
 * The most frequent keys of a stream in a fixed room (Space-Saving: Metwally, Agrawal, El Abbadi, "Efficient Computation of
 * Frequent and Top-k Elements in Data Streams", ICDT 2005): a key that finds no room takes the place, and the count as a
 * possible error, of the least frequent. Judged by the lower bound, a stream of random keys makes none of them frequent.
 *
 * A binary heap by count; a frequent key sits near its bottom, so counting it moves nothing. O(log capacity) at worst.
 */
export class SpaceSaving<K> {
  readonly #slots = new Map<K, number>();
  readonly #keys: K[] = [];
  readonly #counts: Uint32Array;
  readonly #errors: Uint32Array;
  /** Slots, least frequent first, and where in it each slot is. */
  readonly #heap: Uint32Array;
  readonly #places: Uint32Array;
  #total = 0;

  constructor(private readonly capacity: number) {
    this.#counts = new Uint32Array(capacity);
    this.#errors = new Uint32Array(capacity);
    this.#heap = new Uint32Array(capacity);
    this.#places = new Uint32Array(capacity);
  }

  /** Counts the key, which came once or several times in a row; how often it came at least. */
  add(key: K, times = 1): number {
    this.#total += times;
    const slot = this.#slots.get(key) ?? this.#take(key);
    const count = (this.#counts[slot] ?? 0) + times;
    this.#counts[slot] = count;
    this.#sink(this.#places[slot] ?? 0, slot, count);
    return count - (this.#errors[slot] ?? 0);
  }

  /** How often anything was counted. */
  get total(): number {
    return this.#total;
  }

  /** The most frequent keys by lower bound, most frequent first. */
  top(n: number): Counted<K>[] {
    const all = this.#keys.map((key, slot) => ({
      key,
      atLeast: (this.#counts[slot] ?? 0) - (this.#errors[slot] ?? 0),
    }));
    return all.sort((a, b) => b.atLeast - a.atLeast).slice(0, n);
  }

  clear(): void {
    this.#slots.clear();
    this.#keys.length = 0;
    this.#counts.fill(0);
    this.#errors.fill(0);
    this.#total = 0;
  }

  /** A free slot, or the one of the least frequent key. */
  #take(key: K): number {
    let slot = this.#keys.length;
    if (slot < this.capacity) this.#append(slot);
    else {
      slot = this.#heap[0] ?? 0;
      this.#slots.delete(this.#keys[slot] as K);
      this.#errors[slot] = this.#counts[slot] ?? 0;
    }
    this.#keys[slot] = key;
    this.#slots.set(key, slot);
    return slot;
  }

  /** A new slot counts 0, less than any other: it rises to the top. */
  #append(slot: number): void {
    let place = slot;
    while (place > 0) {
      const above = (place - 1) >> 1;
      this.#put(place, this.#heap[above] ?? 0);
      place = above;
    }
    this.#put(0, slot);
  }

  #sink(from: number, slot: number, count: number): void {
    const size = this.#keys.length;
    let place = from;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= size) break;
      if (below + 1 < size && this.#countAt(below + 1) < this.#countAt(below)) below++;
      if (count <= this.#countAt(below)) break;
      this.#put(place, this.#heap[below] ?? 0);
      place = below;
    }
    if (place !== from) this.#put(place, slot);
  }

  #countAt(place: number): number {
    return this.#counts[this.#heap[place] ?? 0] ?? 0;
  }

  #put(place: number, slot: number): void {
    this.#heap[place] = slot;
    this.#places[slot] = place;
  }
}
