import type { IndexMark, IndexRow, IndexSettlement, IndexState } from '#storage';
import type { LmdbEnvironment, Table } from '../lmdb-environment.ts';
import { decodeRow, encodeRow, rowKey } from './index-row.ts';

/** Changes of the members' own indexes, to be made within a write: alone, or in one piece with a counted set. */
export class IndexRows {
  readonly #rows: Table;

  constructor(env: LmdbEnvironment) {
    this.#rows = env.table('member-index');
  }

  mark({ partition, subject, mark }: IndexMark): void {
    const key = rowKey(partition, subject);
    const { state, pending } = this.#find(key, subject);
    if (!pending.includes(mark)) this.#rows.putSync(key, encodeRow({ state, pending: [...pending, mark] }));
  }

  settle({ partition, subject, marks, state }: IndexSettlement): void {
    const key = rowKey(partition, subject);
    const row = this.#find(key, subject);
    const left = newer(row.state, state);
    const pending = row.pending.filter((mark) => !marks.includes(mark));
    if (!left.joined && pending.length === 0) this.#rows.removeSync(key);
    else this.#rows.putSync(key, encodeRow({ state: left, pending }));
  }

  #find(key: Buffer, subject: bigint): IndexRow {
    const value = this.#rows.get(key);
    return value ? decodeRow(subject, value) : { subject, state: undefined, pending: [] };
  }
}

/** The state of the later moment; versions of one shard, and generations of one set, only grow. */
function newer(kept: IndexState | undefined, state: IndexState): IndexState {
  if (kept === undefined) return state;
  const later = kept.at.generation - state.at.generation || kept.at.version - state.at.version;
  return later > 0 ? kept : state;
}
