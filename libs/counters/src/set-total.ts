import { withDeadline } from '#kernel';
import type { CountedSubject, ShardCount } from '#storage';
import { type Count, mergeCounts, totalOf, withShard } from './count.ts';
import { loadCounts } from './count-loading.ts';
import type { CounterContext } from './counter-context.ts';

/** How old the shards that a change did not touch may be in the total that it is answered with. */
const TTL_MS = 1000;

/** The total of a set of many shards, for those who change one of them: read at most once a second. */
export class SetTotal {
  #count: Count = [];
  #readMs = -Infinity;
  #reading: Promise<void> | undefined;

  constructor(
    private readonly subject: CountedSubject,
    private readonly context: CounterContext,
    private readonly layout: { readonly layout: readonly number[]; reload(): Promise<readonly number[]> },
  ) {}

  /** Takes note of a shard after a commit. */
  learn(at: ShardCount): void {
    if (this.#count.length > 0) this.#count = withShard(this.#count, at);
  }

  /** The total with this shard as given; from what was last known of the others where they cannot be read. */
  async total(at: ShardCount): Promise<number> {
    if (this.context.clock.elapsed() - this.#readMs >= TTL_MS) {
      this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
      await this.#reading;
    }
    return totalOf(withShard(this.#count, at));
  }

  async #read(): Promise<void> {
    const { store, clock, limits } = this.context;
    const startedMs = clock.elapsed();
    const loading = loadCounts(
      store,
      [this.subject],
      () => this.layout.layout,
      () => this.layout.reload(),
    );
    try {
      const counts = await withDeadline(loading, limits.timeoutMs, 'adding up', clock);
      this.#count = mergeCounts(this.#count, counts[0]?.count ?? []);
      this.#readMs = startedMs;
    } catch (error) {
      if (this.#count.length === 0) throw error;
    }
  }
}
