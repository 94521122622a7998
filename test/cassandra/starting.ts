import { openCassandraStores } from '#engine-cassandra';
import { systemClock } from '#kernel';
import { freePort } from '#local-stack';
import { ServerProcess } from '#test';
import { silent, type TestCassandra } from './test-cassandra.ts';

/** On a node of Cassandra whose keyspace has its tables. */
export function startsOnCassandra(node: () => TestCassandra): void {
  let cassandra: TestCassandra;
  beforeAll(() => void (cassandra = node()));

  it('says that nobody answers at the contact points', async () => {
    const point = `127.0.0.1:${await freePort()}`;
    const refused = cassandra.open({ contactPoints: [point] });
    await expect(refused).rejects.toThrow(`no Cassandra answers at ${point}`);
    await expect(refused).rejects.toThrow('CASSANDRA_CONTACT_POINTS');
  });

  it('says which data centres there are', async () => {
    const refused = cassandra.open({ localDc: 'moon', replication: { moon: 1 } });
    await expect(refused).rejects.toThrow(
      /Cassandra has no data centre moon, only .*datacenter1.*: set CASSANDRA_LOCAL_DC/,
    );
  });

  it('refuses a keyspace with other copies, and more copies than a quorum of nodes can keep', async () => {
    const { keyspace } = cassandra.options;
    const [table] = await tables();
    await cassandra.execute(
      `ALTER KEYSPACE ${keyspace} WITH replication = {'class': 'NetworkTopologyStrategy', 'datacenter1': 2}`,
    );
    await expect(cassandra.open()).rejects.toThrow(
      `the keyspace ${keyspace} keeps copies as datacenter1:2, and CASSANDRA_REPLICATION says datacenter1:1`,
    );
    await cassandra.execute(
      `ALTER KEYSPACE ${keyspace} WITH replication = {'class': 'NetworkTopologyStrategy', 'datacenter1': 1}`,
    );
    const refused = cassandra.open({ keyspace: `${keyspace}_3`, replication: { datacenter1: 3 } });
    await expect(refused).rejects.toThrow('3 copies need 2 nodes at least, and datacenter1 has 1');
    expect(await tables(`${keyspace}_3`)).toEqual([]);
    expect((await tables())[0]).toEqual(table);
  });

  it('refuses a schema that is newer than the program, and leaves it as it is', async () => {
    const version = "INSERT INTO $.schema_versions (part, version, name) VALUES (0, 99, 'of the future')";
    await cassandra.execute(version);
    await cassandra.execute('DROP TABLE $.views');
    await expect(cassandra.open()).rejects.toThrow(/the schema in Cassandra has version 99 and this program knows \d+/);
    expect(await tables()).not.toContain('views');
    await cassandra.execute('DELETE FROM $.schema_versions WHERE part = 0 AND version = 99');
  });

  it('finishes a change of the schema that was cut off', async () => {
    await cassandra.execute('DELETE FROM $.schema_versions WHERE part = 0 AND version = 1');
    expect(await tables()).not.toContain('views'); // as the test before left it
    await cassandra.open();
    expect(await tables()).toContain('views');
  });

  it('refuses clocks that are far apart, before it writes anything', async () => {
    const keyspace = `${cassandra.options.keyspace}_late`;
    const clock = { ...systemClock, now: () => Date.now() - 3_600_000 };
    const refused = openCassandraStores({ ...cassandra.options, keyspace }, clock, Math.random, silent);
    await expect(refused).rejects.toThrow(/the clock of this machine is 3\d{3} s behind that of Cassandra/);
    expect(await tables(keyspace)).toEqual([]);
  });

  it('ends the app with the message and an exit code', async () => {
    const point = `127.0.0.1:${await freePort()}`;
    const env = { STORE: 'cassandra', CASSANDRA_CONTACT_POINTS: point, AUTH_SECRET: 'x'.repeat(32) };
    const started = ServerProcess.start('standalone', { ...env, REDIS_URL: 'redis://127.0.0.1:1' });
    await expect(started).rejects.toThrow(/standalone ended with 1:[^]*no Cassandra answers at/);
  });

  async function tables(keyspace = cassandra.options.keyspace): Promise<string[]> {
    const { rows } = await cassandra.execute(
      `SELECT table_name FROM system_schema.tables WHERE keyspace_name = '${keyspace}'`,
    );
    return rows.map((row) => String(row.get('table_name')));
  }
}
