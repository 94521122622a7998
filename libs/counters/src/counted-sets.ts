import { idAt } from '#ids';
import { type Chance, type Clock, unavailable } from '#kernel';
import type { CountedKind, CountedSetStore, CountedSubject, ShardCount } from '#storage';
import { Background } from './background.ts';
import { type Count, totalOf } from './count.ts';
import { type LoadedCount, loadCounts } from './count-loading.ts';
import { commitIds } from './commit-ids.ts';
import type { CounterContext } from './counter-context.ts';
import { type CounterEvents, noEvents } from './counter-events.ts';
import { type CounterLimits, counterLimits } from './counter-limits.ts';
import { Deadlines } from './deadlines.ts';
import type { LiveSet } from './live-set.ts';
import { LiveSets } from './live-sets.ts';
import { type MemberPage, type PageOptions, pageOfMembers } from './member-pages.ts';
import { observe, type Observation } from './observation.ts';
import { Operation, type Outcome, type OwnRow } from './operation.ts';
import { readPack } from './packs.ts';
import { SealedPacks } from './sealed-packs.ts';

export interface MembershipChange extends Outcome {
  /** Members of the whole set, this change included; shards other than the member's may be a second old. */
  readonly total: number;
}

/** A shard with members: the fan-out's unit of work. `generation` and `shard` name it for good. */
export type Chapter = ShardCount;

export interface HotSet {
  readonly subject: CountedSubject;
  /** Shards per generation, as far as this process knows. */
  readonly layout: readonly number[];
  /** Changes that this process made, those included that turned out to be repeats. */
  readonly perSecond: number;
}

export interface CountedSetsOptions {
  readonly store: CountedSetStore;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly limits?: CounterLimits;
  readonly events?: CounterEvents;
  /**
   * Throws the subject's count out of all caches that keep settled counts for long (`isSettled`); a change that ends the
   * quiet waits for it before it is acknowledged. What it rejects with is of no interest: what could not be reached.
   */
  readonly onWake?: (subject: CountedSubject) => Promise<unknown>;
}

/**
 * Sets with exact totals (counters.md): who likes a post, who follows a user. At every acknowledgement the total equals
 * the members, whatever is repeated, lost or killed.
 *
 * Changes reject with `unavailable` when too much is waiting (nothing was changed then) or when the deadline passes (the
 * change may still happen). Either way the caller may repeat it: a member is counted once.
 */
export class CountedSets {
  readonly #context: CounterContext;
  readonly #sets: LiveSets;
  readonly #onAnswer = (): void => {
    this.#pending--;
  };
  #pending = 0;

  constructor({ store, clock, chance, limits = counterLimits, ...more }: CountedSetsOptions) {
    const { events = noEvents, onWake = () => Promise.resolve() } = more;
    const background = new Background(events);
    this.#context = {
      store,
      clock,
      chance,
      limits,
      events,
      background,
      deadlines: new Deadlines(clock),
      sealedPacks: new SealedPacks(store, background),
      newCommitId: commitIds(clock, chance),
      onWake,
    };
    this.#sets = new LiveSets(this.#context);
  }

  /** Changes under way. */
  get pending(): number {
    return this.#pending;
  }

  /** @param since when the membership begins, an id-like time; that of an older membership stays. */
  add(kind: CountedKind, subject: bigint, member: bigint, since = this.#now()): Promise<MembershipChange> {
    return this.change({ kind, id: subject }, member, since);
  }

  remove(kind: CountedKind, subject: bigint, member: bigint): Promise<MembershipChange> {
    return this.change({ kind, id: subject }, member, undefined);
  }

  /**
   * Adds, or removes where `since` is undefined.
   *
   * @param row of the member's index, to be written in the same commit: see `MembershipsOptions.inOnePiece`.
   */
  async change(
    subject: CountedSubject,
    member: bigint,
    since: bigint | undefined,
    row?: OwnRow,
  ): Promise<MembershipChange> {
    const { set, outcome } = this.#submit(subject, member, since, row);
    const { changed, since: left, at } = await outcome;
    return { changed, since: left, at, total: await set.total(at) };
  }

  /** The same without the total of the whole set: what bulk work needs. */
  async apply(subject: CountedSubject, member: bigint, since: bigint | undefined, row?: OwnRow): Promise<Outcome> {
    return this.#submit(subject, member, since, row).outcome;
  }

  async has(kind: CountedKind, subject: bigint, member: bigint): Promise<boolean> {
    const [observation] = await this.observe({ kind, id: subject }, [member]);
    return observation?.since !== undefined;
  }

  async hasMany(kind: CountedKind, subject: bigint, members: readonly bigint[]): Promise<boolean[]> {
    const observations = await this.observe({ kind, id: subject }, members);
    return observations.map(({ since }) => since !== undefined);
  }

  /** What the set itself says of these members, and where; in order. */
  async observe(subject: CountedSubject, members: readonly bigint[]): Promise<Observation[]> {
    for (let layout = this.#sets.layoutOf(subject); ;) {
      const observations = await observe(this.#context.store, subject, layout, members);
      if (observations.every((observation) => observation !== undefined)) return observations;
      const newer = await this.#sets.reload(subject);
      if (newer.length <= layout.length) throw new Error('a shard is sealed and has no successor');
      layout = newer;
    }
  }

  async total(kind: CountedKind, subject: bigint): Promise<number> {
    const [count] = await this.counts([{ kind, id: subject }]);
    return totalOf(count ?? []);
  }

  async totals(kind: CountedKind, subjects: readonly bigint[]): Promise<number[]> {
    const counts = await this.counts(subjects.map((id) => ({ kind, id })));
    return counts.map(totalOf);
  }

  /** The counts of many sets, also of different kinds, in one batch. */
  async counts(subjects: readonly CountedSubject[]): Promise<Count[]> {
    return (await this.load(subjects)).map(({ count }) => count);
  }

  /** The same, and when each was changed last. */
  load(subjects: readonly CountedSubject[]): Promise<LoadedCount[]> {
    return loadCounts(
      this.#context.store,
      subjects,
      (subject) => this.#sets.layoutOf(subject),
      (subject) => this.#sets.reload(subject),
    );
  }

  /** Members in a stable order, each once. */
  page(kind: CountedKind, subject: bigint, options: PageOptions): Promise<MemberPage> {
    const set = { kind, id: subject };
    const layouts = { known: () => this.#sets.layoutOf(set), reload: () => this.#sets.reload(set) };
    return pageOfMembers(this.#context.store, set, layouts, options);
  }

  /** The shards that hold members now, in order of generation and shard: whoever joins later may be in another. */
  async chapters(kind: CountedKind, subject: bigint): Promise<Chapter[]> {
    const [count] = await this.counts([{ kind, id: subject }]);
    return (count ?? []).filter((shard) => shard.total > 0);
  }

  /** The members of a chapter, eight big-endian bytes each, ascending; never older than the call. Do not change it. */
  pack(kind: CountedKind, subject: bigint, chapter: Pick<Chapter, 'generation' | 'shard'>): Promise<Buffer> {
    const { generation, shard } = chapter;
    return readPack(this.#context.store, { kind, id: subject, generation, shard });
  }

  /** Adds a generation of shards to a set that is getting hot, before its commits show it. Rejects with `unavailable`. */
  grow(kind: CountedKind, subject: bigint): Promise<void> {
    return this.#sets.open({ kind, id: subject }).grow();
  }

  /** Hot-key detection has named the subject; a set that this process writes grows earlier then. To be said again. */
  heat(kind: CountedKind, subject: bigint): void {
    this.#sets.find({ kind, id: subject })?.heat();
  }

  /** Shards per generation, as far as this process knows: those of sets that it writes. */
  layoutOf(subject: CountedSubject): readonly number[] {
    return this.#sets.layoutOf(subject);
  }

  /** Sets that this process wrote lately: those of most shards first, then those with most changes. For operators. */
  hottest(limit: number): HotSet[] {
    return this.#sets.hottest(limit).map(({ subject, layout, perSecond }) => ({ subject, layout, perSecond }));
  }

  /** To be called when no change is under way any more, and before the store is closed. */
  close(): Promise<void> {
    return this.#context.background.done();
  }

  #submit(
    subject: CountedSubject,
    member: bigint,
    since: bigint | undefined,
    row: OwnRow | undefined,
  ): { set: LiveSet; outcome: Promise<Outcome> } {
    const { limits, clock } = this.#context;
    if (this.#pending >= limits.pendingMax) throw unavailable('too many changes of counts are waiting');
    const operation = new Operation(member, since, clock.elapsed() + limits.timeoutMs, this.#onAnswer, row);
    const set = this.#sets.open(subject);
    this.#pending++;
    set.enqueue(operation);
    return { set, outcome: operation.outcome };
  }

  #now(): bigint {
    return idAt(this.#context.clock.now());
  }
}
