import { StoreHealth } from '#storage';
import type { Database } from './database/database.ts';
import type { Query } from './database/query.ts';

/** A read by a quorum of the replicas, as almost all reads are. */
export class CassandraHealth extends StoreHealth {
  readonly #select: Query<object>;

  constructor(db: Database) {
    super();
    this.#select = db.query('SELECT minute FROM $.outbox_progress WHERE part = 0');
  }

  async ping(): Promise<void> {
    await this.#select.first();
  }
}
