import type { Fates } from './simulated-store.ts';
import { unavailable } from '#kernel';
import { MemberIndexStore } from '#storage';
import type { IndexContents, IndexMark, IndexPartition, IndexRow, IndexSettlement, IndexState } from '#storage';

interface Cell {
  state: IndexState | undefined;
  readonly marks: Set<bigint>;
}

/** The rows behind simulated clients, as a wide-column store keeps them: nothing is read to be written. */
export class SimulatedIndexRows {
  readonly #cells = new Map<string, { readonly subject: bigint; readonly cell: Cell }>();

  cell(partition: IndexPartition, subject: bigint): Cell {
    const key = `${nameOf(partition)}/${subject}`;
    let row = this.#cells.get(key);
    if (!row) this.#cells.set(key, (row = { subject, cell: { state: undefined, marks: new Set() } }));
    return row.cell;
  }

  rows(partition: IndexPartition): IndexRow[] {
    const own = [...this.#cells].filter(([key]) => key.startsWith(`${nameOf(partition)}/`));
    return own
      .map(([, { subject, cell }]) => ({ subject, state: cell.state, pending: [...cell.marks] }))
      .filter(({ state, pending }) => state?.joined === true || pending.length > 0)
      .sort((a, b) => (a.subject < b.subject ? -1 : 1));
  }

  settle(settlements: readonly IndexSettlement[]): void {
    for (const { partition, subject, marks, state } of settlements) {
      const cell = this.cell(partition, subject);
      if (!cell.state || isNewer(state, cell.state)) cell.state = state;
      for (const mark of marks) cell.marks.delete(mark);
    }
  }

  connect(fates: Fates): SimulatedIndex {
    return new SimulatedIndex(this, fates);
  }
}

/** One client of the rows, whose plain writes may go unanswered, done or not. */
export class SimulatedIndex extends MemberIndexStore {
  #dead = false;

  constructor(
    private readonly data: SimulatedIndexRows,
    private readonly fates: Fates,
  ) {
    super();
  }

  kill(): void {
    this.#dead = true;
  }

  mark(marks: readonly IndexMark[]): Promise<void> {
    return this.#write('mark', () => {
      for (const { partition, subject, mark } of marks) this.data.cell(partition, subject).marks.add(mark);
    });
  }

  settle(settlements: readonly IndexSettlement[]): Promise<void> {
    return this.#write('settle', () => this.data.settle(settlements));
  }

  async findMany(partition: IndexPartition, subjects: readonly bigint[]): Promise<(IndexRow | undefined)[]> {
    await this.#step('find');
    const rows = new Map(this.data.rows(partition).map((row) => [row.subject, row]));
    return subjects.map((subject) => rows.get(subject));
  }

  async list(partition: IndexPartition, after: bigint, limit: number): Promise<IndexRow[]> {
    await this.#step('list');
    return this.data
      .rows(partition)
      .filter(({ subject }) => subject > after)
      .slice(0, limit);
  }

  async load(partition: IndexPartition): Promise<IndexContents> {
    const rows = await this.list(partition, 0n, Infinity);
    const plain = rows.filter(({ pending }) => pending.length === 0);
    return {
      subjects: BigUint64Array.from(plain, (row) => row.subject),
      since: BigUint64Array.from(plain, (row) => row.state?.since ?? 0n),
      doubtful: rows.filter(({ pending }) => pending.length > 0),
    };
  }

  async #write(label: string, apply: () => void): Promise<void> {
    await this.#step(label);
    const fate = this.fates.next(label);
    if (fate !== 'refused' && fate !== 'in doubt: lost') apply();
    await this.#step(`answer of ${label}`);
    if (fate !== 'done') throw unavailable(label);
  }

  async #step(label: string): Promise<void> {
    await this.fates.step(label);
    if (this.#dead) await new Promise(() => undefined);
  }
}

function isNewer(a: IndexState, b: IndexState): boolean {
  return (a.at.generation - b.at.generation || a.at.version - b.at.version) > 0;
}

function nameOf({ kind, member, bucket }: IndexPartition): string {
  return `${kind}/${member}/${bucket}`;
}
