import type { QueryOptions } from 'cassandra-driver';
import type { Param, StatementContext } from './statement.ts';

/** A read. `Row` names the columns that it selects. */
export class Query<Row> {
  constructor(
    private readonly context: StatementContext,
    private readonly cql: string,
    private readonly options: QueryOptions,
  ) {}

  async first(...params: Param[]): Promise<Row | undefined> {
    const rows = await this.rows(...params);
    return rows[0];
  }

  async rows(...params: Param[]): Promise<Row[]> {
    const { client, requests } = this.context;
    const result = await requests.run(() => client.execute(this.cql, params, this.options));
    if (result.pageState) throw new Error(`a read has more rows than it may have: ${this.cql}`);
    return result.rows as Row[];
  }
}
