import type { CountedSubject } from '#storage';
import type { Conditional } from '../database/conditional.ts';
import type { Database } from '../database/database.ts';
import type { Query } from '../database/query.ts';

interface LayoutRow {
  readonly shards: readonly number[] | null;
}

/** Shards per generation: a row for each set that has grown. */
export class ShardLayouts {
  readonly #select: Query<LayoutRow>;
  readonly #update: Conditional<LayoutRow>;

  constructor(db: Database) {
    const row = 'kind = ? AND subject = ?';
    this.#select = db.serialQuery(`SELECT shards FROM $.generations WHERE ${row}`);
    this.#update = db.conditional(`UPDATE $.generations SET shards = ? WHERE ${row} IF shards = ?`);
  }

  async load({ kind, id }: CountedSubject): Promise<number[]> {
    const row = await this.#select.first(kind, id);
    return row?.shards ? [...row.shards] : [1];
  }

  async append({ kind, id }: CountedSubject, known: readonly number[], shards: number): Promise<boolean> {
    const layout = [...known, shards];
    // The layout that every set begins with is not kept.
    const condition = known.length === 1 && known[0] === 1 ? null : known;
    const { applied, row, repeated } = await this.#update.run(layout, kind, id, condition);
    return applied || (repeated && row?.shards?.join() === layout.join());
  }
}
