import type { Client } from 'cassandra-driver';
import type { CassandraOptions } from '../cassandra-options.ts';

type Replication = Readonly<Record<string, number>>;

/** The statement that makes the keyspace. */
export function keyspaceCql(keyspace: string, replication: Replication): string {
  const copies = Object.entries(replication).map(([dc, count]) => `'${dc}': ${count}`);
  return `CREATE KEYSPACE IF NOT EXISTS ${keyspace} WITH replication = {'class': 'NetworkTopologyStrategy', ${copies.join(', ')}}`;
}

/** Makes the keyspace if it is not there. Throws with a message for people when it is there and kept otherwise. */
export async function ensureKeyspace(client: Client, options: CassandraOptions): Promise<void> {
  const { keyspace, replication, localDc } = options;
  checkNodes(client, replication, localDc);
  const found = await findReplication(client, keyspace);
  if (found === undefined) {
    const patiently = { prepare: false, isIdempotent: true, readTimeout: 30_000 };
    await client.execute(keyspaceCql(keyspace, replication), [], patiently);
    return;
  }
  const wanted = describe(replication);
  if (found !== wanted)
    throw new Error(
      `the keyspace ${keyspace} keeps copies as ${found}, and CASSANDRA_REPLICATION says ${wanted}: ` +
        'correct the variable, or change the keyspace (ALTER KEYSPACE, then nodetool repair)',
    );
}

/** Fewer nodes than a quorum of the copies, and nothing can be read or written. */
function checkNodes(client: Client, replication: Replication, localDc: string): void {
  const copies = replication[localDc];
  if (copies === undefined)
    throw new Error(`CASSANDRA_REPLICATION names no copies for ${localDc}, the local data centre`);
  const nodes = client.hosts.values().filter(({ datacenter }) => datacenter === localDc).length;
  if (nodes <= copies / 2)
    throw new Error(
      `${copies} copies need ${Math.floor(copies / 2) + 1} nodes at least, and ${localDc} has ${nodes}: set CASSANDRA_REPLICATION`,
    );
}

async function findReplication(client: Client, keyspace: string): Promise<string | undefined> {
  const cql = 'SELECT replication FROM system_schema.keyspaces WHERE keyspace_name = ?';
  const result = await client.execute(cql, [keyspace]);
  const [row] = result.rows;
  if (row === undefined) return undefined;
  const { class: strategy = '', ...copies } = row.get('replication') as Record<string, string>;
  const name = strategy.slice(strategy.lastIndexOf('.') + 1);
  return name === 'NetworkTopologyStrategy' ? describe(copies) : `${name} ${describe(copies)}`;
}

function describe(replication: Readonly<Record<string, number | string>>): string {
  const copies = Object.entries(replication).map(([dc, count]) => `${dc}:${count}`);
  return copies.sort().join(',');
}
