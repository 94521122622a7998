import { setImmediate } from 'node:timers/promises';
import { ID_MAX } from '#ids';
import { MemberIndexStore } from '#storage';
import type { IndexContents, IndexMark, IndexPartition, IndexRow, IndexSettlement, IndexState } from '#storage';
import type { LmdbEnvironment, Table } from '../lmdb-environment.ts';
import { decodeRow, encodeRow, isPlainlyJoined, rowKey, sinceIn, subjectIn } from './index-row.ts';

/** How many rows are read before other work gets its turn: about half a millisecond. */
const LOAD_SLICE = 1000;

export class LmdbMemberIndexStore extends MemberIndexStore {
  readonly #rows: Table;

  constructor(private readonly env: LmdbEnvironment) {
    super();
    this.#rows = env.table('member-index');
  }

  mark(marks: readonly IndexMark[]): Promise<void> {
    return this.env.write(() => {
      for (const { partition, subject, mark } of marks) {
        const key = rowKey(partition, subject);
        const { state, pending } = this.#row(key, subject);
        if (!pending.includes(mark)) this.#rows.putSync(key, encodeRow({ state, pending: [...pending, mark] }));
      }
    });
  }

  settle(settlements: readonly IndexSettlement[]): Promise<void> {
    return this.env.write(() => {
      for (const { partition, subject, marks, state } of settlements) {
        const key = rowKey(partition, subject);
        const row = this.#row(key, subject);
        this.#write(key, newer(row.state, state), without(row.pending, marks));
      }
    });
  }

  async findMany(partition: IndexPartition, subjects: readonly bigint[]): Promise<(IndexRow | undefined)[]> {
    return subjects.map((subject) => {
      const value = this.#rows.get(rowKey(partition, subject));
      return value && decodeRow(subject, value);
    });
  }

  async list(partition: IndexPartition, after: bigint, limit: number): Promise<IndexRow[]> {
    const rows = this.#rows
      .getRange(rowsAfter(partition, after))
      .map(({ key, value }) => decodeRow(subjectIn(key), value));
    return Array.from(rows.filter((row) => row.pending.length > 0 || row.state?.joined).slice(0, limit));
  }

  async load(partition: IndexPartition): Promise<IndexContents> {
    const subjects: bigint[] = [];
    const since: bigint[] = [];
    const doubtful: IndexRow[] = [];
    for (let after: bigint | undefined = 0n; after !== undefined;) {
      after = this.#loadSlice(partition, after, (subject, value) => {
        if (!isPlainlyJoined(value)) return void doubtful.push(decodeRow(subject, value));
        subjects.push(subject);
        since.push(sinceIn(value));
      });
      if (after !== undefined) await setImmediate();
    }
    return { subjects: BigUint64Array.from(subjects), since: BigUint64Array.from(since), doubtful };
  }

  /** Passes on a slice of rows and returns where to go on. */
  #loadSlice(partition: IndexPartition, after: bigint, take: (subject: bigint, value: Buffer) => void) {
    let read = 0;
    let last = after;
    for (const { key, value } of this.#rows.getRange({ ...rowsAfter(partition, after), limit: LOAD_SLICE })) {
      last = subjectIn(key);
      take(last, value);
      read++;
    }
    return read < LOAD_SLICE ? undefined : last;
  }

  #row(key: Buffer, subject: bigint): IndexRow {
    const value = this.#rows.get(key);
    return value ? decodeRow(subject, value) : { subject, state: undefined, pending: [] };
  }

  #write(key: Buffer, state: IndexState, pending: readonly bigint[]): void {
    if (!state.joined && pending.length === 0) this.#rows.removeSync(key);
    else this.#rows.putSync(key, encodeRow({ state, pending }));
  }
}

function rowsAfter(partition: IndexPartition, after: bigint) {
  return { start: rowKey(partition, after), exclusiveStart: true, end: rowKey(partition, ID_MAX + 1n) };
}

function without(pending: readonly bigint[], marks: readonly bigint[]): readonly bigint[] {
  return pending.length === 0 ? pending : pending.filter((mark) => !marks.includes(mark));
}

/** The state of the later moment; versions of one shard, and generations of one set, only grow. */
function newer(kept: IndexState | undefined, state: IndexState): IndexState {
  if (kept === undefined) return state;
  const later = kept.at.generation - state.at.generation || kept.at.version - state.at.version;
  return later > 0 ? kept : state;
}
