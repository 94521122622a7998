import type { CountedKind, CountedSubject } from '#storage';
import type { CounterContext } from './counter-context.ts';
import { LiveSet } from './live-set.ts';

/** The sets that are being written, and those written lately: least recently used first. */
export class LiveSets {
  readonly #sets: Record<CountedKind, Map<bigint, LiveSet>> = {
    followers: new Map(),
    likes: new Map(),
    reposts: new Map(),
    replies: new Map(),
    posts: new Map(),
  };

  constructor(private readonly context: CounterContext) {}

  /** Shards per generation as far as this process knows; [1] for sets it has not met, which is right for almost all. */
  layoutOf({ kind, id }: CountedSubject): readonly number[] {
    return this.#sets[kind].get(id)?.layout ?? ONE_SHARD;
  }

  find({ kind, id }: CountedSubject): LiveSet | undefined {
    return this.#sets[kind].get(id);
  }

  /** Those with the most shards first, then those with the most changes lately. */
  hottest(limit: number): LiveSet[] {
    const all = Object.values(this.#sets).flatMap((sets) => [...sets.values()]);
    const rated = all.map((set) => ({ set, generations: set.layout.length, perSecond: set.perSecond }));
    rated.sort((a, b) => b.generations - a.generations || b.perSecond - a.perSecond);
    return rated.slice(0, limit).map(({ set }) => set);
  }

  open({ kind, id }: CountedSubject): LiveSet {
    const sets = this.#sets[kind];
    let set = sets.get(id);
    if (set === undefined) {
      set = new LiveSet({ kind, id }, this.context, (idle) => this.#rest(idle));
      sets.set(id, set);
    }
    return set;
  }

  /** Loads the layout anew; that of a grown set is worth remembering. */
  async reload(subject: CountedSubject): Promise<readonly number[]> {
    const set = this.open(subject);
    await set.reload();
    if (!set.busy) this.#rest(set);
    return set.layout;
  }

  /** A set that has nothing to do becomes the most recently used, and the least recently used is forgotten. */
  #rest(set: LiveSet): void {
    const sets = this.#sets[set.subject.kind];
    sets.delete(set.subject.id);
    sets.set(set.subject.id, set);
    if (sets.size <= this.context.limits.idleSetsMax) return;
    for (const [id, oldest] of sets) {
      if (oldest.busy) continue;
      sets.delete(id);
      return;
    }
  }
}

const ONE_SHARD: readonly number[] = [1];
