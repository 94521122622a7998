import { withDeadline } from '#kernel';
import { type CountedSubject, GENERATIONS_MAX, type ShardCount, SHARDS_MAX } from '#storage';
import type { CommitPlan } from './commit-plan.ts';
import type { CommitReport } from './commit-report.ts';
import type { CounterContext } from './counter-context.ts';
import { GrowthGauge } from './growth-gauge.ts';
import type { Operation } from './operation.ts';
import { placeOf } from './placement.ts';
import { SetTotal } from './set-total.ts';
import { type CommitterSet, ShardCommitter } from './shard-committer.ts';

/** Each generation has so many times the shards of the one before. */
const GROWTH = 4;

/** A counted set that this process writes to or knows to have grown. */
export class LiveSet implements CommitterSet {
  readonly #committers = new Map<number, ShardCommitter>();
  #layout: readonly number[] = [1];
  #growing: Promise<void> | undefined;
  #total: SetTotal | undefined;
  /** Committers that have something to do. */
  #busy = 0;
  readonly #gauge: GrowthGauge;

  constructor(
    readonly subject: CountedSubject,
    private readonly context: CounterContext,
    private readonly onIdle: (set: LiveSet) => void,
  ) {
    this.#gauge = new GrowthGauge(context.limits.growth[subject.kind]);
  }

  get layout(): readonly number[] {
    return this.#layout;
  }

  get busy(): boolean {
    return this.#busy > 0;
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

  /** Operations per second, lately. */
  get perSecond(): number {
    return this.#gauge.perSecond(this.context.clock.elapsed());
  }

  /** Hot-key detection has named the subject. */
  heat(): void {
    this.#gauge.heat(this.context.clock.elapsed());
  }

  /** Looks the layout up again and returns it. Layouts only grow, so the longer one is the newer. */
  async reload(): Promise<readonly number[]> {
    const layout = await this.context.store.loadLayout(this.subject);
    if (layout.length > this.#layout.length) this.#layout = layout;
    return this.#layout;
  }

  committed(report: CommitReport): void {
    const { shard, at, operations, lost } = report;
    const { clock, events, background } = this.context;
    this.#total?.learn(at);
    events.committed(shard, operations, lost);
    if (at.generation === this.#layout.length - 1 && this.#gauge.wantsMore(report, this.#newest, clock.elapsed()))
      background.run('growth', this.grow());
  }

  /**
   * Adds a generation of four times the shards. It only has to be published: every commit to an older shard closes that
   * shard from then on, and whoever meets a closed one without knowing why looks the layout up. A growth that was cut
   * off anywhere is finished by whoever writes next.
   */
  grow(): Promise<void> {
    this.#growing ??= this.#publish().finally(() => (this.#growing = undefined));
    return this.#growing;
  }

  async #publish(): Promise<void> {
    const { store, clock, events, limits } = this.context;
    const shards = GROWTH * this.#newest;
    if (shards > SHARDS_MAX || this.#layout.length === GENERATIONS_MAX) return;
    const publishing = store.publish(this.subject, this.#layout, shards);
    if (await withDeadline(publishing, limits.timeoutMs, 'growing', clock)) events.grown(this.subject, shards);
    await withDeadline(this.reload(), limits.timeoutMs, 'growing', clock);
    this.#gauge.reset(clock.elapsed());
  }

  /** The set's total, given one of its shards; those of other shards may be a second old. */
  async total(at: ShardCount): Promise<number> {
    if (this.#layout.length === 1) return at.total;
    this.#total ??= new SetTotal(this.subject, this.context, this);
    return this.#total.total(at);
  }

  idle(): void {
    if (--this.#busy === 0) this.onIdle(this);
  }

  /** Shards of the newest generation. */
  get #newest(): number {
    return this.#layout.at(-1) ?? 1;
  }

  #enqueue(operation: Operation, generation: number): void {
    const committer = this.#committer(generation, placeOf(operation.member, this.#layout[generation] ?? 1));
    if (!committer.busy) this.#busy++;
    committer.enqueue(operation);
  }

  #committer(generation: number, shard: number): ShardCommitter {
    const key = generation * SHARDS_MAX + shard;
    let committer = this.#committers.get(key);
    if (committer === undefined) {
      committer = new ShardCommitter({ ...this.subject, generation, shard }, this, this.context);
      this.#committers.set(key, committer);
    }
    return committer;
  }
}
