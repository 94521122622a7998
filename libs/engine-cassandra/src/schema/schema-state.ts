import { type Client, errors, type types } from 'cassandra-driver';
import type { Database } from '../database/database.ts';
import type { Migration } from './migrations/index.ts';

/**
 * The table that must be there before there can be a lock. Two nodes that make a table at once make two tables unless
 * they give it one id: so this one has its id beforehand.
 */
export const stateTableCql = `-- The schema's own history, and who is changing it at the moment (lost by itself after three minutes).
-- Bound: one row for each version.
CREATE TABLE IF NOT EXISTS $.schema_versions (
  part tinyint,
  version int,
  name text,
  applied_at timestamp,
  holder text static,
  PRIMARY KEY ((part), version)
) WITH id = '6a3c9e50-5f0e-11f0-9f22-ba0be0483c18' AND compaction = {'class': 'UnifiedCompactionStrategy'}`;

/** Longer than a step takes: a minute and a half for making its tables, a minute for the nodes to agree. */
const LOCK_S = 180;

/** Documented, and missing in the driver's types: this and the next. */
type AgreementCheck = Client['metadata'] & { checkSchemaAgreement(): Promise<boolean> };
type Agreement = types.ResultSet['info'] & { readonly isSchemaInAgreement: boolean };

interface HolderRow {
  readonly holder: string | null;
}

/** What is known of the schema in the database: the versions it has, and the lock for changing it. */
export class SchemaState {
  constructor(
    private readonly db: Database,
    private readonly client: Client,
    private readonly owner: string,
  ) {}

  async ensureTable(): Promise<void> {
    await this.execute([stateTableCql]);
  }

  /**
   * Changes that do not depend on each other, made by one node, which puts them in a row; resolves when all nodes that are
   * up have them, and rejects while they are spreading. Waiting for that once takes as long as waiting for one change.
   */
  async execute(statements: readonly string[]): Promise<void> {
    const [host] = this.client.getState().getConnectedHosts();
    const options = { prepare: false, isIdempotent: true, readTimeout: 90_000, ...(host && { host }) };
    const results = await Promise.all(statements.map((cql) => this.client.execute(this.db.named(cql), [], options)));
    const told = results.every(({ info }) => (info as Agreement).isSchemaInAgreement);
    // The driver gives up when a busy node is late with an answer, and asks nobody after a statement without effect.
    const agreed = await (this.client.metadata as AgreementCheck).checkSchemaAgreement();
    if (!told || !agreed) throw new SchemaSpreading();
  }

  async versions(): Promise<number[]> {
    const rows = await this.db
      .query<{ version: number | null }>('SELECT version FROM $.schema_versions WHERE part = 0')
      .rows();
    return rows.flatMap(({ version }) => version ?? []);
  }

  /** Takes the lock or renews it; otherwise says who has it. */
  async lock(): Promise<true | string> {
    const take = `UPDATE $.schema_versions USING TTL ${LOCK_S} SET holder = ? WHERE part = 0 IF holder IN (?, null)`;
    const { applied, row } = await this.db.conditional<HolderRow>(take).run(this.owner, this.owner);
    return applied || (row?.holder ?? '');
  }

  /** Notes that a step is done; false when somebody else has the lock by now. */
  async note({ version, name }: Migration): Promise<boolean> {
    const cql =
      'UPDATE $.schema_versions SET name = ?, applied_at = toTimestamp(now()) WHERE part = 0 AND version = ? IF holder = ?';
    const { applied } = await this.db.conditional<HolderRow>(cql).run(name, version, this.owner);
    return applied;
  }

  async unlock(): Promise<void> {
    const cql = 'UPDATE $.schema_versions SET holder = null WHERE part = 0 IF holder = ?';
    await this.db.conditional<HolderRow>(cql).run(this.owner);
  }
}

/** A change was made, and not all nodes have it yet: look again later. */
class SchemaSpreading extends Error {}

/** Whether some node has not heard yet of what this process or another has just made. */
export function isSpreading(error: unknown): boolean {
  if (error instanceof SchemaSpreading) return true;
  return error instanceof errors.ResponseError && /(not|n't) exist|unconfigured table/.test(error.message);
}
