import type { CountedKind, CountedSubject } from '#storage';
import type { CounterContext } from './counter-context.ts';
import { LiveSet } from './live-set.ts';

/** Sets with more than one shard whose layouts are remembered; the others need none. */
const GROWN_MAX = 10_000;

/** The sets that are being written, and the layouts of those that have grown, least recently used first. */
export class LiveSets {
  readonly #sets: Record<CountedKind, Map<bigint, LiveSet>> = {
    followers: new Map(),
    likes: new Map(),
    reposts: new Map(),
    replies: new Map(),
    posts: new Map(),
  };
  readonly #grown = new Set<LiveSet>();

  constructor(private readonly context: CounterContext) {}

  /** Shards per generation as far as this process knows; [1] for sets it has not met, which is right for almost all. */
  layoutOf(subject: CountedSubject): readonly number[] {
    return this.find(subject)?.layout ?? ONE_SHARD;
  }

  find(subject: CountedSubject): LiveSet | undefined {
    return this.#sets[subject.kind].get(subject.id);
  }

  /** The set, to be written to or looked up at once: one that does neither is forgotten. */
  open(subject: CountedSubject): LiveSet {
    let set = this.find(subject);
    if (set === undefined) {
      set = new LiveSet({ kind: subject.kind, id: subject.id }, this.context, (idle) => this.release(idle));
      this.#sets[subject.kind].set(subject.id, set);
    }
    return set;
  }

  /** Loads the layout anew and remembers it if the set has grown. */
  async reload(subject: CountedSubject): Promise<readonly number[]> {
    const set = this.open(subject);
    try {
      return await set.reload();
    } finally {
      if (!set.busy) this.release(set);
    }
  }

  /** Forgets a set that does nothing, unless it has grown. */
  release(set: LiveSet): void {
    if (set.layout.length === 1) {
      this.#forget(set);
      return;
    }
    this.#grown.delete(set);
    this.#grown.add(set);
    if (this.#grown.size <= GROWN_MAX) return;
    for (const oldest of this.#grown) {
      if (oldest.busy) continue;
      this.#forget(oldest);
      return;
    }
  }

  #forget(set: LiveSet): void {
    this.#grown.delete(set);
    const sets = this.#sets[set.subject.kind];
    if (sets.get(set.subject.id) === set) sets.delete(set.subject.id);
  }
}

const ONE_SHARD: readonly number[] = [1];
