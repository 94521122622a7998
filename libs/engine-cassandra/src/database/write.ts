import type { BatchPart, Param, StatementContext } from './statement.ts';
import { writeOptions } from './statement.ts';

/** A plain write. */
export class Write {
  constructor(
    private readonly context: StatementContext,
    private readonly cql: string,
  ) {}

  async run(...params: Param[]): Promise<void> {
    const { client, requests } = this.context;
    await requests.run(() => client.execute(this.cql, params, writeOptions));
  }

  /** To be executed with others. */
  with(...params: Param[]): BatchPart {
    return { query: this.cql, params };
  }
}
