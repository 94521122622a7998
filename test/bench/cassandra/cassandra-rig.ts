import { Client, errors, types } from 'cassandra-driver';
import { type CassandraReporter, openCassandraStores } from '#engine-cassandra';
import { systemClock } from '#kernel';
import { startCassandra } from '#local-stack';
import type { Stores } from '#storage';
import { tempDir } from '#test';

const KEYSPACE = 'bench';
const WRITE_TIMEOUT: number = types.responseErrorCodes.writeTimeout;

/** A Cassandra of the bench's own, the stores on it, and the bare driver beside them. */
export interface CassandraRig {
  readonly name: string;
  readonly stores: Stores;
  /** As plain as the driver comes, but prepared, and at the consistency that the stores use. */
  bare(cql: string, params: unknown[]): Promise<types.ResultSet>;
  close(): Promise<void>;
}

const reporter: CassandraReporter = { info: () => undefined, warn: () => undefined };

/** Makes the tables of the plain designs, too. */
export async function openRig(nodes: 1 | 3, say: (line: string) => void): Promise<CassandraRig> {
  const dir = tempDir();
  const cluster = await startCassandra({
    nodes,
    heapMb: nodes === 1 ? 512 : 384,
    dir: dir.path,
    env: process.env,
    say,
  });
  const contactPoints = cluster.nodes.map(({ host, nativePort }) => `${host}:${nativePort}`);
  const options = { contactPoints, localDc: 'datacenter1', keyspace: KEYSPACE, replication: { datacenter1: nodes } };
  const stores = await openCassandraStores(options, systemClock, Math.random, reporter);
  const client = new Client({
    contactPoints,
    localDataCenter: 'datacenter1',
    protocolOptions: { port: cluster.nodes[0]?.nativePort ?? 0, maxVersion: types.protocolVersion.v4 },
    encoding: { useBigIntAsLong: true },
    keyspace: KEYSPACE,
    monitorReporting: { enabled: false },
    queryOptions: {
      prepare: true,
      consistency: types.consistencies.localQuorum,
      serialConsistency: types.consistencies.localSerial,
    },
  });
  await client.execute('CREATE TABLE likes (user bigint, post bigint, PRIMARY KEY ((user), post))', [], plain);
  await client.execute('CREATE TABLE counts (post bigint PRIMARY KEY, likes counter)', [], plain);
  return {
    name: nodes === 1 ? '1 node' : '3 nodes, RF 3',
    stores,
    bare: (cql, params) => untilInTime(() => client.execute(cql, params)),
    close: async () => {
      await Promise.all([stores.close(), client.shutdown()]);
      await cluster.kill();
      dir.remove();
    },
  };
}

const plain = { prepare: false };

/** A conditional write that Cassandra gave up is made again: on a busy machine the bare driver would never come to an end. */
async function untilInTime<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof errors.ResponseError) || error.code !== WRITE_TIMEOUT) throw error;
    }
  }
}
