import { Client, types } from 'cassandra-driver';
import { type CassandraOptions, openCassandraStores } from '#engine-cassandra';
import { systemClock } from '#kernel';
import { type CassandraCluster, startCassandra } from '#local-stack';
import type { Stores } from '#storage';
import { tempDir } from '#test';

/** A real Cassandra for tests. */
export interface TestCassandra {
  readonly options: CassandraOptions;
  /** Undefined where it is not of our own: nothing can be killed then. */
  readonly cluster: CassandraCluster | undefined;
  /** The server's variables that name it and the test's keyspace. */
  readonly variables: Readonly<Record<string, string>>;
  /** The stores of the test's keyspace. On the real clock: waiting for a server takes real time. */
  open(options?: Partial<CassandraOptions>): Promise<Stores>;
  /** Statements beside the stores, on the first node. */
  execute(cql: string): Promise<types.ResultSet>;
  /** Closes all that was opened. */
  stop(): Promise<void>;
}

export const silent = { info: () => undefined, warn: () => undefined };

/** One node: that of CASSANDRA_CONTACT_POINTS, in a keyspace that is dropped at the end, or else one of its own. */
export function oneCassandraNode(): Promise<TestCassandra> {
  const points = process.env.CASSANDRA_CONTACT_POINTS;
  return points === undefined ? ownCassandra(1) : Promise.resolve(testCassandra(points.split(','), 1, undefined));
}

/** A replica on each node. */
export async function ownCassandra(nodes: 1 | 3): Promise<TestCassandra> {
  const dir = tempDir();
  const cluster = await startCassandra({ nodes, dir: dir.path, env: process.env, say: () => undefined });
  const points = cluster.nodes.map(({ host, nativePort }) => `${host}:${nativePort}`);
  const cassandra = testCassandra(points, nodes, cluster);
  const stop = async (): Promise<void> => {
    await cassandra.stop();
    await cluster.kill();
    dir.remove();
  };
  return { ...cassandra, stop };
}

function testCassandra(
  contactPoints: readonly string[],
  copies: number,
  cluster: CassandraCluster | undefined,
): TestCassandra {
  const localDc = process.env.CASSANDRA_LOCAL_DC ?? 'datacenter1';
  const keyspace = `test_${process.pid}_${Date.now().toString(36)}`;
  const options = { contactPoints, localDc, keyspace, replication: { [localDc]: copies } };
  const variables = {
    STORE: 'cassandra',
    CASSANDRA_CONTACT_POINTS: contactPoints.join(),
    CASSANDRA_LOCAL_DC: localDc,
    CASSANDRA_REPLICATION: String(copies),
    CASSANDRA_KEYSPACE: keyspace,
  };
  let client: Promise<Client> | undefined;
  const execute = async (cql: string): Promise<types.ResultSet> => {
    client ??= connect(contactPoints[0] ?? '', localDc);
    return (await client).execute(cql.replaceAll('$.', `${keyspace}.`), [], { readTimeout: 60_000 });
  };
  const opened: Promise<Stores>[] = [];
  return {
    options,
    cluster,
    variables,
    open: (more) => {
      const stores = openCassandraStores({ ...options, ...more }, systemClock, Math.random, silent);
      opened.push(stores);
      return stores;
    },
    execute,
    stop: async () => {
      await Promise.allSettled(opened.map(async (stores) => (await stores).close()));
      if (cluster === undefined) await execute(`DROP KEYSPACE IF EXISTS ${keyspace}`);
      await (await client)?.shutdown();
    },
  };
}

/** The driver as it comes. Not before somebody asks: one that is connected through an outage keeps the process alive. */
async function connect(contactPoint: string, localDc: string): Promise<Client> {
  const client = new Client({
    contactPoints: [contactPoint],
    localDataCenter: localDc,
    protocolOptions: { maxVersion: types.protocolVersion.v4, port: Number(contactPoint.split(':')[1] ?? 9042) },
    monitorReporting: { enabled: false },
    encoding: { useBigIntAsLong: true },
  });
  await client.connect();
  return client;
}
