import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster, Redis } from 'ioredis';
import { type RedisCluster, startRedisCluster } from '#local-stack';

const dir = mkdtempSync(join(tmpdir(), 'redis-cluster-'));
let cluster: RedisCluster;
let client: Cluster;

beforeAll(async () => {
  cluster = await startRedisCluster({ env: process.env, say: () => undefined, dir, nodeTimeoutMs: 1000 });
  client = new Cluster(cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port })));
}, 60_000);

afterAll(async () => {
  client.disconnect();
  await cluster.stop();
  rmSync(dir, { recursive: true });
});

const keys = Array.from({ length: 100 }, (_, i) => `key-${i}`);
async function roleOf(port: number): Promise<unknown> {
  const node = new Redis(port, '127.0.0.1');
  const [role] = await node.role();
  node.disconnect();
  return role;
}

async function kept(): Promise<number> {
  const values = await Promise.all(keys.map((key) => client.get(key)));
  return values.filter((value, i) => value === keys[i]).length;
}

describe('startRedisCluster', () => {
  it('serves all slots, with a replica for each master', async () => {
    await Promise.all(keys.map((key) => client.set(key, key)));
    expect(await kept()).toBe(100);
    expect(await Promise.all(cluster.nodes.map(({ port }) => roleOf(port)))).toEqual([
      'master',
      'master',
      'master',
      'slave',
      'slave',
      'slave',
    ]);
    expect(new Set(cluster.nodes.map(({ server }) => server.pid)).size).toBe(6);
    expect(cluster.url.split(',')).toHaveLength(6);
  });

  it('is healthy again when the replica of a killed master has taken over, and when the master is back', async () => {
    const [master] = cluster.nodes;
    await client.wait(1, 1000);
    await master!.server.kill();
    await cluster.untilHealthy();
    expect(await kept()).toBe(100);
    await master!.server.restart();
    await cluster.untilHealthy();
    expect(await kept()).toBe(100);
  }, 60_000);

  it('takes a frozen master for a dead one', async () => {
    const master = cluster.nodes[1]!;
    master.server.pause();
    await cluster.untilHealthy();
    master.server.resume();
    await cluster.untilHealthy();
    expect(await kept()).toBe(100);
  }, 60_000);

  it('keeps what it has when a master is restarted at once', async () => {
    const master = cluster.nodes[2]!;
    await master.server.kill();
    await master.server.restart();
    await cluster.untilHealthy();
    expect(await kept()).toBe(100);
  }, 60_000);

  it('can not be healthy without one of the masters and its replica', async () => {
    const [, , , , , replica] = cluster.nodes;
    await cluster.nodes[2]!.server.kill();
    await replica!.server.kill();
    await expect(cluster.untilHealthy(200)).rejects.toThrow('was not healthy within 0.2 s; its logs: ');
    await Promise.all([cluster.nodes[2]!.server.restart(), replica!.server.restart()]);
    await cluster.untilHealthy();
    expect(await kept()).toBe(100);
  }, 60_000);
});
