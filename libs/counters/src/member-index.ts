import { timeOf } from '#ids';
import type { Clock } from '#kernel';
import type { IndexContents, IndexKind, IndexPartition, IndexRow, IndexState, MemberIndexStore } from '#storage';
import { answered } from './answered.ts';
import type { CountedSets } from './counted-sets.ts';
import { partitionOf, setOf } from './membership-kind.ts';
import { settleIfPossible, stateOf } from './settling.ts';

export interface MemberIndexOptions {
  readonly sets: CountedSets;
  readonly store: MemberIndexStore;
  readonly clock: Clock;
}

/** The subjects that a member has joined in one partition, ascending, and since when each, side by side. */
export type JoinedSubjects = Pick<IndexContents, 'subjects' | 'since'>;

/** What a look said of one subject. */
export interface LookedUp {
  /** Undefined where the member has not joined it. */
  readonly value: IndexState | undefined;
  /** Not where there was a mark: the next look may say something else without another change. */
  readonly firm: boolean;
}

export interface JoinedPage {
  readonly subjects: bigint[];
  /** The `after` of the next page; undefined when the list is at its end. */
  readonly next: bigint | undefined;
}

/** No change takes so long: a mark of this age was left behind by a process that died. */
const ABANDONED_MS = 60_000;

/**
 * What a member likes and whom a member follows, without asking every set: read from the member's own index, and from
 * the set wherever the index has a doubt.
 */
export class MemberIndex {
  readonly #sets: CountedSets;
  readonly #store: MemberIndexStore;
  readonly #clock: Clock;

  constructor({ sets, store, clock }: MemberIndexOptions) {
    this.#sets = sets;
    this.#store = store;
    this.#clock = clock;
  }

  async find(kind: IndexKind, member: bigint, subject: bigint): Promise<IndexState | undefined> {
    const [found] = await this.findMany(kind, member, [subject]);
    return found;
  }

  /**
   * Which of these subjects the member has joined, in order, undefined for the others. One partition read for users and
   * for posts of one month. `at` is what the member's own change said of the count: see `CountReader`.
   */
  async findMany(kind: IndexKind, member: bigint, subjects: readonly bigint[]): Promise<(IndexState | undefined)[]> {
    return (await this.lookUp(kind, member, subjects)).map(({ value }) => value);
  }

  /** The same, and which of the answers hold until the next change begins. */
  async lookUp(kind: IndexKind, member: bigint, subjects: readonly bigint[]): Promise<LookedUp[]> {
    const [first, ...others] = byPartition(kind, member, subjects);
    if (first === undefined) return [];
    if (others.length === 0) return this.#findIn(first.partition, subjects);
    const found = new Map<bigint, LookedUp>();
    await Promise.all(
      [first, ...others].map(async ({ partition, asked }) => {
        const answers = await this.#findIn(partition, asked);
        asked.forEach((subject, i) => found.set(subject, answered(answers[i])));
      }),
    );
    return subjects.map((subject) => answered(found.get(subject)));
  }

  async #findIn(partition: IndexPartition, subjects: readonly bigint[]): Promise<LookedUp[]> {
    const rows = await this.#store.findMany(partition, subjects);
    const states = await this.#readAll(partition, rows);
    return states.map((value, i) => ({ value, firm: !isDoubtful(rows[i]) }));
  }

  /** The joined subjects of one partition by id: see `partitionOf`. */
  async page(partition: IndexPartition, after: bigint, limit: number): Promise<JoinedPage> {
    const subjects: bigint[] = [];
    for (let from = after; subjects.length < limit;) {
      const wanted = limit - subjects.length;
      const rows = await this.#store.list(partition, from, wanted);
      const states = await this.#readAll(partition, rows);
      rows.forEach(({ subject }, i) => states[i] && subjects.push(subject));
      if (rows.length < wanted) return { subjects, next: undefined };
      from = answered(rows.at(-1)).subject;
    }
    return { subjects, next: subjects.at(-1) };
  }

  /** All subjects joined in one partition: all whom a member follows. */
  async load(partition: IndexPartition): Promise<JoinedSubjects> {
    const { subjects, since, doubtful } = await this.#store.load(partition);
    if (doubtful.length === 0) return { subjects, since };
    const rows = Array.from(subjects, (subject, i) => ({ subject, since: answered(since[i]) }));
    const states = await this.#readAll(partition, doubtful);
    states.forEach((state, i) => state && rows.push({ subject: answered(doubtful[i]).subject, since: state.since }));
    rows.sort((a, b) => (a.subject < b.subject ? -1 : 1));
    return {
      subjects: BigUint64Array.from(rows, (row) => row.subject),
      since: BigUint64Array.from(rows, (row) => row.since),
    };
  }

  async #readAll(
    partition: IndexPartition,
    rows: readonly (IndexRow | undefined)[],
  ): Promise<(IndexState | undefined)[]> {
    const states = rows.map((row) => row?.state);
    const doubtful = rows.flatMap((row, i) => (isDoubtful(row) ? [{ row, i }] : []));
    await Promise.all(doubtful.map(async ({ row, i }) => (states[i] = await this.#confirm(partition, row))));
    return states.map((state) => (state?.joined ? state : undefined));
  }

  /**
   * The set's own answer. Marks of dead changes are settled with it on the way; those that may still be under way stay,
   * because their change could come after this look.
   */
  async #confirm(partition: IndexPartition, { subject, pending }: IndexRow): Promise<IndexState> {
    const [observation] = await this.#sets.observe(setOf(partition.kind, subject), [partition.member]);
    const state = stateOf(answered(observation));
    const before = this.#clock.now() - ABANDONED_MS;
    const marks = pending.filter((mark) => timeOf(mark) < before);
    if (marks.length > 0) await settleIfPossible(this.#store, [{ partition, subject, marks, state }]);
    return state;
  }
}

function isDoubtful(row: IndexRow | undefined): row is IndexRow {
  return row !== undefined && row.pending.length > 0;
}

function byPartition(kind: IndexKind, member: bigint, subjects: readonly bigint[]) {
  const groups = new Map<number, { partition: IndexPartition; asked: bigint[] }>();
  for (const subject of subjects) {
    const partition = partitionOf(kind, member, subject);
    const group = groups.get(partition.bucket);
    if (group) group.asked.push(subject);
    else groups.set(partition.bucket, { partition, asked: [subject] });
  }
  return [...groups.values()];
}
