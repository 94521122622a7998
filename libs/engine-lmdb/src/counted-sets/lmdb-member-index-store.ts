import { setImmediate } from 'node:timers/promises';
import { ABOVE_ALL_IDS } from '#ids';
import { MemberIndexStore } from '#storage';
import type { IndexContents, IndexMark, IndexPartition, IndexRow, IndexSettlement } from '#storage';
import type { LmdbEnvironment, Table } from '../lmdb-environment.ts';
import { IdColumn } from './id-column.ts';
import { decodeRow, isPlainlyJoined, rowKey, SINCE_AT, SUBJECT_AT, subjectIn } from './index-row.ts';
import { IndexRows } from './index-rows.ts';

/** How many rows are read before other work gets its turn: about half a millisecond. */
const LOAD_SLICE = 1000;

/** From this many subjects on, one look at the rows between them costs less than a look at each. */
const RANGE_SUBJECTS_MIN = 8;

export class LmdbMemberIndexStore extends MemberIndexStore {
  readonly #rows: Table;
  readonly #changes: IndexRows;

  constructor(private readonly env: LmdbEnvironment) {
    super();
    this.#rows = env.table('member-index');
    this.#changes = new IndexRows(env);
  }

  mark(marks: readonly IndexMark[]): Promise<void> {
    return this.env.write(() => marks.forEach((mark) => this.#changes.mark(mark)));
  }

  settle(settlements: readonly IndexSettlement[]): Promise<void> {
    return this.env.write(() => settlements.forEach((settlement) => this.#changes.settle(settlement)));
  }

  /** Most of what is asked about is not there: the rows between the first subject and the last, where they are few. */
  async findMany(partition: IndexPartition, subjects: readonly bigint[]): Promise<(IndexRow | undefined)[]> {
    const near = subjects.length < RANGE_SUBJECTS_MIN ? undefined : this.#rowsAmong(partition, subjects);
    if (near) return subjects.map((subject) => near.get(subject));
    return subjects.map((subject) => {
      const value = this.#rows.get(rowKey(partition, subject));
      return value && decodeRow(subject, value);
    });
  }

  /** The rows from the least subject to the greatest; undefined when they are more than the subjects. */
  #rowsAmong(partition: IndexPartition, subjects: readonly bigint[]): Map<bigint, IndexRow> | undefined {
    let [least, greatest] = [ABOVE_ALL_IDS, 0n];
    for (const subject of subjects) {
      if (subject < least) least = subject;
      if (subject > greatest) greatest = subject;
    }
    const range = {
      start: rowKey(partition, least),
      end: rowKey(partition, greatest + 1n),
      limit: subjects.length + 1,
    };
    const rows = new Map<bigint, IndexRow>();
    for (const { key, value } of this.#rows.getRange(range)) {
      const subject = subjectIn(key);
      rows.set(subject, decodeRow(subject, value));
    }
    return rows.size > subjects.length ? undefined : rows;
  }

  async list(partition: IndexPartition, after: bigint, limit: number): Promise<IndexRow[]> {
    const rows = this.#rows
      .getRange(rowsAfter(partition, after))
      .map(({ key, value }) => decodeRow(subjectIn(key), value));
    return Array.from(rows.filter((row) => row.pending.length > 0 || row.state?.joined).slice(0, limit));
  }

  async load(partition: IndexPartition): Promise<IndexContents> {
    const [subjects, since] = [new IdColumn(), new IdColumn()];
    const doubtful: IndexRow[] = [];
    const take = (key: Buffer, value: Buffer): void => {
      if (isPlainlyJoined(value)) {
        subjects.push(key, SUBJECT_AT);
        since.push(value, SINCE_AT);
      } else {
        doubtful.push(decodeRow(subjectIn(key), value));
      }
    };
    let after: bigint | undefined = 0n;
    while ((after = this.#loadSlice(partition, after, take)) !== undefined) await setImmediate();
    return { subjects: subjects.toArray(), since: since.toArray(), doubtful };
  }

  /** Passes on a slice of rows and returns where to go on. */
  #loadSlice(partition: IndexPartition, after: bigint, take: (key: Buffer, value: Buffer) => void): bigint | undefined {
    let read = 0;
    let last: Buffer | undefined;
    for (const { key, value } of this.#rows.getRange({ ...rowsAfter(partition, after), limit: LOAD_SLICE })) {
      take(key, value);
      last = key;
      read++;
    }
    return read < LOAD_SLICE || last === undefined ? undefined : subjectIn(last);
  }
}

function rowsAfter(partition: IndexPartition, after: bigint) {
  return { start: rowKey(partition, after), exclusiveStart: true, end: rowKey(partition, ABOVE_ALL_IDS) };
}
