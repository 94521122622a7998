import type { Clock } from '#kernel';
import type { Flight } from '../flight.ts';
import type { CacheKey } from '../key-codec.ts';
import type { Fetched } from '../local/lifetime.ts';
import type { LocalShelf } from '../local/local-shelf.ts';
import type { RegionCounters } from '../region-counters.ts';
import type { SharedSide } from '../shared/shared-side.ts';
import type { Copies } from './copies.ts';

/** The way of hot keys into the process: by one of their copies, if that is fresh and not behind what is known here. */
export class CopyStage<K extends CacheKey, V> {
  constructor(
    private readonly copies: Copies<K>,
    private readonly shared: SharedSide<K, V>,
    private readonly shelf: LocalShelf<K, V>,
    private readonly counters: RegionCounters,
    private readonly clock: Clock,
  ) {
    shared.onFresh = (key, record) => {
      if (copies.learn(key, shared.nameOf(key), record, shared.graceMs)) counters.copiesWritten++;
    };
  }

  /** Nothing for almost all flights; else the promise of what the copy said. */
  find({ key }: Flight<K, V>): Promise<Fetched<V> | undefined> | undefined {
    if (!this.shared.isCurrent) return undefined;
    const name = this.shared.nameOf(key);
    const tag = this.copies.tagFor(key, name);
    return tag === undefined ? undefined : this.#read(key, this.copies.nameOf(key, name, tag), tag);
  }

  async #read(key: K, copy: string, tag: string): Promise<Fetched<V> | undefined> {
    const record = await this.copies.read(copy, tag, this.shared.graceMs);
    if (record !== undefined && record.freshMs > 0 && record.version >= this.shelf.floorAt(key, this.clock.elapsed())) {
      this.counters.copyHits++;
      return this.shared.fetched(record);
    }
    this.counters.copyMisses++;
    return undefined;
  }
}
