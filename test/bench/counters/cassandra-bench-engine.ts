import { Client, types } from 'cassandra-driver';
import type { BenchEngine, PlainDesigns, SingleCopies } from './bench-engine.ts';
import { ownCassandra, type TestCassandra } from '../../cassandra/test-cassandra.ts';
import { counterLimits } from '#counters';
import type { CountedSetStore } from '#storage';

/** A Cassandra of its own; with three nodes, each has a replica of everything. */
export async function openCassandraBenchEngine(nodes: 1 | 3, scale: number): Promise<BenchEngine> {
  const cassandra = await ownCassandra(nodes);
  const stores = await cassandra.open();
  const plain = await CassandraPlainDesigns.open(cassandra);
  return {
    name: nodes === 1 ? 'Cassandra, 1 node' : 'Cassandra, 3 nodes, RF 3',
    setStore: stores.countedSets,
    indexStore: stores.memberIndex,
    plain,
    limits: counterLimits,
    inOnePiece: false,
    scale,
    ...(nodes > 1 && { keepSingleCopies: () => withSingleCopies(cassandra, stores.countedSets, plain) }),
    async close() {
      await plain.close();
      await stores.close();
      await cassandra.stop();
    },
  };
}

/** The same keyspace from here on: what is in it already is of no use any more. */
async function withSingleCopies(
  { options, execute }: TestCassandra,
  setStore: CountedSetStore,
  plain: CassandraPlainDesigns,
): Promise<SingleCopies> {
  const { keyspace, localDc } = options;
  const replication = `{'class': 'NetworkTopologyStrategy', '${localDc}': 1}`;
  await execute(`ALTER KEYSPACE ${keyspace} WITH replication = ${replication}`);
  return { setStore, nodeWrites: () => plain.writesByNode(keyspace, 'members') };
}

const TABLES = [
  'CREATE TABLE $.plain_by_user (user bigint, post bigint, PRIMARY KEY ((user), post))',
  'CREATE TABLE $.plain_by_post (post bigint, user bigint, PRIMARY KEY ((post), user))',
  'CREATE TABLE $.plain_counters (post bigint, shard int, n counter, PRIMARY KEY ((post, shard)))',
];

/** The bare driver with prepared statements and its own load balancing. */
class CassandraPlainDesigns implements PlainDesigns {
  private constructor(
    private readonly client: Client,
    private readonly keyspace: string,
  ) {}

  static async open({ options, execute }: TestCassandra): Promise<CassandraPlainDesigns> {
    for (const table of TABLES) await execute(table);
    const { contactPoints, localDc, keyspace } = options;
    const port = Number(contactPoints[0]?.split(':')[1] ?? 9042);
    const client = new Client({
      contactPoints: [...contactPoints],
      localDataCenter: localDc,
      protocolOptions: { maxVersion: types.protocolVersion.v4, port },
      queryOptions: { consistency: types.consistencies.localQuorum },
      socketOptions: { readTimeout: 60_000 },
      monitorReporting: { enabled: false },
      encoding: { useBigIntAsLong: true },
    });
    await client.connect();
    return new CassandraPlainDesigns(client, keyspace);
  }

  async likeSpread(post: bigint, user: bigint): Promise<void> {
    await this.#run('INSERT INTO $.plain_by_user (user, post) VALUES (?, ?) IF NOT EXISTS', [user, post]);
  }

  async likeConditionally(post: bigint, user: bigint): Promise<void> {
    await this.#run('INSERT INTO $.plain_by_post (post, user) VALUES (?, ?) IF NOT EXISTS', [post, user]);
  }

  async increment(post: bigint, shard: number): Promise<void> {
    await this.#run('UPDATE $.plain_counters SET n = n + 1 WHERE post = ? AND shard = ?', [post, shard]);
  }

  async readCounters(post: bigint, shards: number): Promise<number> {
    const reads = Array.from({ length: shards }, (_, shard) =>
      this.#run('SELECT n FROM $.plain_counters WHERE post = ? AND shard = ?', [post, shard]),
    );
    return (await Promise.all(reads)).reduce((sum, result) => sum + Number(result.first().get('n') ?? 0), 0);
  }

  /** Of a table, as each node counts them. */
  async writesByNode(keyspace: string, table: string): Promise<number[]> {
    const cql = 'SELECT count FROM system_views.local_write_latency WHERE keyspace_name = ? AND table_name = ?';
    const hosts = this.client.hosts.values();
    const results = await Promise.all(hosts.map((host) => this.client.execute(cql, [keyspace, table], { host })));
    return results.map((result) => Number(result.rows[0]?.get('count') ?? 0));
  }

  close(): Promise<void> {
    return this.client.shutdown();
  }

  /** A conditional write that loses its way under such a load is sent again: what it costs is part of the design. */
  async #run(cql: string, values: unknown[]): Promise<types.ResultSet> {
    const statement = cql.replace('$.', `${this.keyspace}.`);
    const options = { prepare: true, serialConsistency: types.consistencies.localSerial };
    for (let tries = 1; ; tries++)
      try {
        return await this.client.execute(statement, values, options);
      } catch (error) {
        if (tries === TRIES) throw error;
      }
  }
}

const TRIES = 20;
