import type { CountedSubject, Shard, ShardCount } from '#storage';
import type { CommitPlan } from './commit-plan.ts';
import { type Count, mergeCounts, totalOf, withShard } from './count.ts';
import { loadCounts } from './count-loading.ts';
import type { CounterContext } from './counter-context.ts';
import type { Operation } from './operation.ts';
import { placeOf } from './placement.ts';
import { type CommitterSet, ShardCommitter } from './shard-committer.ts';

/** How old a grown set's other shards may be in a total. */
const COUNT_TTL_MS = 1000;

/** A counted set that this process writes to or knows to have grown. */
export class LiveSet implements CommitterSet {
  readonly #committers = new Map<number, ShardCommitter>();
  #layout: readonly number[] = [1];
  #count: Count = [];
  #countedMs = -Infinity;
  #recounting: Promise<void> | undefined;

  constructor(
    readonly subject: CountedSubject,
    private readonly context: CounterContext,
    private readonly onIdle: (set: LiveSet) => void,
  ) {}

  get layout(): readonly number[] {
    return this.#layout;
  }

  get busy(): boolean {
    return this.#committers.size > 0;
  }

  enqueue(operation: Operation): void {
    this.#enqueue(operation, this.#layout.length - 1);
  }

  forward(operations: CommitPlan['elsewhere']): void {
    for (const { operation, generation } of operations) {
      if (generation < this.#layout.length) this.#enqueue(operation, generation);
      else operation.reject(new Error('a shard is sealed and has no successor'));
    }
  }

  /** Looks the layout up again and returns it. Layouts only grow, so the longer one is the newer. */
  async reload(): Promise<readonly number[]> {
    const layout = await this.context.store.loadLayout(this.subject);
    if (layout.length > this.#layout.length) this.#layout = layout;
    return this.#layout;
  }

  committed(at: ShardCount, _waiting: number, _lost: number): void {
    if (this.#count.length > 0) this.#count = withShard(this.#count, at);
  }

  /**
   * The set's total, given one of its shards. A set of one shard is known by that; a grown one is read at most once a
   * second, and as it was last known when it cannot be read.
   */
  async total(at: ShardCount): Promise<number> {
    if (this.#layout.length === 1) return at.total;
    if (this.context.clock.elapsed() - this.#countedMs >= COUNT_TTL_MS) await this.#recount();
    return totalOf(withShard(this.#count, at));
  }

  #recount(): Promise<void> {
    this.#recounting ??= this.#readCount().finally(() => (this.#recounting = undefined));
    return this.#recounting;
  }

  async #readCount(): Promise<void> {
    const { store, clock } = this.context;
    const startedMs = clock.elapsed();
    try {
      const [count] = await loadCounts(
        store,
        [this.subject],
        () => this.#layout,
        () => this.reload(),
      );
      this.#count = mergeCounts(this.#count, count ?? []);
      this.#countedMs = startedMs;
    } catch (error) {
      if (this.#count.length === 0) throw error;
    }
  }

  idle(shard: Shard): void {
    this.#committers.delete(keyOf(shard.generation, shard.shard));
    if (!this.busy) this.onIdle(this);
  }

  #enqueue(operation: Operation, generation: number): void {
    const shard = placeOf(operation.member, this.#layout[generation] ?? 1);
    this.#committer(generation, shard).enqueue(operation);
  }

  #committer(generation: number, shard: number): ShardCommitter {
    const key = keyOf(generation, shard);
    let committer = this.#committers.get(key);
    if (committer === undefined) {
      committer = new ShardCommitter({ ...this.subject, generation, shard }, this, this.context);
      this.#committers.set(key, committer);
    }
    return committer;
  }
}

function keyOf(generation: number, shard: number): number {
  return generation * 0x10000 + shard;
}
