import type { QueryOptions, types } from 'cassandra-driver';
import { repeatInDoubt } from './repetition.ts';
import { type Param, serialReadOptions, type StatementContext } from './statement.ts';

/** A read. `Row` names the columns that it selects. */
export class Query<Row> {
  constructor(
    protected readonly context: StatementContext,
    private readonly cql: string,
    private readonly options: QueryOptions,
  ) {}

  async first(...params: Param[]): Promise<Row | undefined> {
    const rows = await this.rows(...params);
    return rows[0];
  }

  async rows(...params: Param[]): Promise<Row[]> {
    const result = await this.send(() => this.context.client.execute(this.cql, params, this.options));
    if (result.pageState) throw new Error(`a read has more rows than it may have: ${this.cql}`);
    return result.rows as Row[];
  }
  protected send(ask: () => Promise<types.ResultSet>): Promise<types.ResultSet> {
    return this.context.requests.run(ask);
  }
}

/** A read that takes its place among the conditional writes of the partition, and ends those that hang in the air. */
export class SerialQuery<Row> extends Query<Row> {
  constructor(context: StatementContext, cql: string) {
    super(context, cql, serialReadOptions);
  }

  protected override async send(ask: () => Promise<types.ResultSet>): Promise<types.ResultSet> {
    const { answer } = await repeatInDoubt(this.context, ask);
    return answer;
  }
}
