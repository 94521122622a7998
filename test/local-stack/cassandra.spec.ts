// Starts JVMs: half a minute on two cores, most of it theirs. Three of them at once: test/cassandra/three-nodes.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, policies, types } from 'cassandra-driver';
import { type CassandraCluster, startCassandra } from '#local-stack';
import { describeWith } from './describe-with.ts';
import { StubProject } from './stub-project.ts';

jest.setTimeout(300_000);

const dir = mkdtempSync(join(tmpdir(), 'cassandra-'));
const said: string[] = [];
const options = { env: process.env, say: (line: string) => said.push(line) };
const clusters: CassandraCluster[] = [];

async function start(nodes: 1 | 3, subDir: string): Promise<CassandraCluster> {
  const cluster = await startCassandra({ ...options, nodes, dir: join(dir, subDir) });
  clusters.push(cluster);
  return cluster;
}

/** A client of the first node alone: whom the driver would ask while another is frozen is a matter of luck. */
async function withClient<T>(cluster: CassandraCluster, work: (client: Client) => Promise<T>): Promise<T> {
  const { CASSANDRA_CONTACT_POINTS, CASSANDRA_LOCAL_DC } = cluster.variables;
  const [first] = CASSANDRA_CONTACT_POINTS!.split(',');
  const { AllowListPolicy, RoundRobinPolicy } = policies.loadBalancing;
  const client = new Client({
    contactPoints: [first!],
    protocolOptions: { port: cluster.nodes[0]!.nativePort }, // the driver takes the peers' port from here
    policies: { loadBalancing: new AllowListPolicy(new RoundRobinPolicy(), [first!]) },
    localDataCenter: CASSANDRA_LOCAL_DC!,
    monitorReporting: { enabled: false },
  });
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.shutdown();
  }
}

async function createTable(client: Client, replication: number): Promise<void> {
  const replicas = `{ 'class': 'SimpleStrategy', 'replication_factor': ${replication} }`;
  await client.execute(`CREATE KEYSPACE probe WITH replication = ${replicas}`);
  await client.execute('CREATE TABLE probe.rows (id bigint PRIMARY KEY, text text)');
}

const quorum = { prepare: true, consistency: types.consistencies.localQuorum };
const insert = (client: Client, id: number) =>
  client.execute('INSERT INTO probe.rows (id, text) VALUES (?, ?) IF NOT EXISTS', [id, `row ${id}`], quorum);
const count = async (client: Client) =>
  Number((await client.execute('SELECT count(*) FROM probe.rows', [], quorum)).first().get('count'));

afterAll(async () => {
  await Promise.all(clusters.map((cluster) => cluster.kill()));
  rmSync(dir, { recursive: true });
});

describeWith(['java', 'mvn'], 'one node of Cassandra', () => {
  let cluster: CassandraCluster;

  beforeAll(async () => {
    cluster = await start(1, 'one');
  });

  it('takes a schema and conditional writes, and keeps them over a start', async () => {
    await withClient(cluster, async (client) => {
      await createTable(client, 1);
      await insert(client, 1);
    });
    await cluster.stop();
    cluster = await start(1, 'one');
    expect(await withClient(cluster, count)).toBe(1);
  });

  it('has a nodetool', async () => {
    const [node] = cluster.nodes;
    expect(await node!.nodetool('status')).toMatch(/^UN\s+127\.0\.0\.1/m);
    await expect(node!.nodetool('no-such-command')).rejects.toThrow(/failed with exit code/);
  });

  it('needs Maven the first time', async () => {
    const bin = join(dir, 'bin');
    mkdirSync(bin);
    symlinkSync(spawnSync('sh', ['-c', 'command -v java'], { encoding: 'utf8' }).stdout.trim(), join(bin, 'java'));
    const env = { PATH: bin, XDG_CACHE_HOME: join(dir, 'cache') };
    const refused = startCassandra({ ...options, env, nodes: 1, dir: join(dir, 'without-maven') });
    await expect(refused).rejects.toThrow('there is none on PATH');
    expect(readdirSync(join(dir, 'cache/groundswell'))).toEqual([]);
  });

  it('refuses to start twice over one directory, or as another number of nodes', async () => {
    await expect(start(1, 'one')).rejects.toThrow(/is taken: is the Cassandra of .*one running\?$/);
    await expect(start(3, 'one')).rejects.toThrow(/holds a Cassandra of another number of nodes \(1\)/);
  });
});

describeWith(['java', 'mvn'], 'npm run cassandra', () => {
  let project: StubProject;
  beforeAll(() => {
    project = new StubProject();
    project.addCommand('cassandra');
  });
  afterAll(() => project.end());

  it('runs a node until a signal, and says how to use it', async () => {
    const command = await project.start({}, 'apps/cli/run.mjs', 'cassandra', '--fresh');
    await command.says('\nready\n', 240_000);
    expect(command.out).toMatch(/^export CASSANDRA_CONTACT_POINTS=127\.0\.0\.1:\d+$/m);
    const pid = Number(/process (\d+)/.exec(command.out)![1]);
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    command.signalGroup('SIGINT');
    expect(await command.ended()).toBe(0);
    expect(existsSync(`/proc/${pid}`)).toBe(false);
  });
});
