import { Conditional, type ConditionalAnswer, runConditionally } from './conditional.ts';
import { Query, SerialQuery } from './query.ts';
import { batchOptions, type BatchPart, readOptions, type StatementContext } from './statement.ts';
import { Write } from './write.ts';

/**
 * All that the stores know of the driver: statements of four kinds. In their texts `$.` stands for the keyspace.
 *
 * No answer says nothing about whether a statement was executed, and one that a frozen node has received may be executed
 * much later. So every statement here must be such that a second or a late execution does no harm (plain writes carry
 * their time, conditional ones what they expect to find); the driver then sends all of them to another node when one is
 * silent.
 *
 * Everything rejects with `unavailable` when Cassandra is away or overloaded.
 */
export class Database {
  constructor(private readonly context: StatementContext) {}

  /** A read by a quorum: shows every write that was acknowledged before. */
  query<Row>(cql: string): Query<Row> {
    return new Query<Row>(this.context, this.named(cql), readOptions);
  }

  /** A read in one order with the conditional writes of its partition; those that hang in the air are ended first. */
  serialQuery<Row>(cql: string): Query<Row> {
    return new SerialQuery<Row>(this.context, this.#serial(cql));
  }

  write(cql: string): Write {
    return new Write(this.context, this.named(cql));
  }

  /** `Row` names the columns that come back when the condition does not hold. */
  conditional<Row>(cql: string): Conditional<Row> {
    return new Conditional<Row>(this.context, this.#serial(cql));
  }

  /** Plain writes of one partition, in one piece. */
  async batch(parts: readonly BatchPart[]): Promise<void> {
    const { client, requests } = this.context;
    await requests.run(() => client.batch([...parts], batchOptions));
  }

  /** Writes of one partition, the first of them conditional, in one piece. A rejection leaves the outcome unknown. */
  conditionalBatch<Row>(parts: readonly BatchPart[]): Promise<ConditionalAnswer<Row>> {
    return runConditionally(this.context, parts);
  }

  /** Asks every node of the cluster for what it says of itself; those that do not answer are left out. */
  async everyNode(cql: string): Promise<{ node: string; rows: object[] }[]> {
    const { client } = this.context;
    const nodes = client.getState().getConnectedHosts();
    const answers = await Promise.allSettled(
      nodes.map(async (host) => {
        const { rows } = await client.execute(this.named(cql), [], { host, prepare: false, isIdempotent: true });
        return { node: host.address, rows };
      }),
    );
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  }

  get keyspace(): string {
    return this.context.keyspace;
  }

  #serial(cql: string): string {
    const named = this.named(cql);
    this.context.speculation.addSerial(named);
    return named;
  }

  /** The statement as Cassandra gets it. */
  named(cql: string): string {
    return cql.replaceAll('$.', `${this.context.keyspace}.`);
  }
}
