// A server on Redis Clusters whose nodes die while it delivers. Needs what `npm run build` makes.
import {
  findRedisProgram,
  type RedisCluster,
  type RedisServer,
  startRedisCluster,
  startRedisServer,
} from '#local-stack';
import { ServerProcess, tempDir } from '#test';
import { describeWith } from '../local-stack/describe-with.ts';
import { Load } from './load.ts';

const AUTHORS = 3;
const VIEWERS = 12;

const dir = tempDir();
const quiet = { env: process.env, say: (): void => undefined };
const stops: (() => Promise<unknown>)[] = [];
let inboxes: RedisCluster;
let cache: RedisCluster;
let queue: RedisServer;
let server: ServerProcess;
let load: Load;

async function startCluster(name: string): Promise<RedisCluster> {
  const cluster = await startRedisCluster({ ...quiet, dir: `${dir.path}/${name}`, nodeTimeoutMs: 1_000 });
  stops.push(() => cluster.stop());
  return cluster;
}

async function startQueue(): Promise<RedisServer> {
  const program = await findRedisProgram(quiet);
  const settings = ['--appendonly', 'yes'];
  const started = await startRedisServer(program ?? '', {
    ...quiet,
    name: 'queue',
    dir: `${dir.path}/queue`,
    settings,
  });
  stops.push(() => started.server.stop());
  return started;
}

/** Kills one of the replicas, and brings it back. */
async function killReplica(cluster: RedisCluster): Promise<void> {
  await cluster.untilHealthy();
  await cluster.nodes[5]!.server.kill();
  await cluster.nodes[5]!.server.restart();
  await cluster.untilHealthy();
}

/** Kills one of the masters of the beginning, and waits until its replica has taken over. */
async function killMaster(cluster: RedisCluster): Promise<void> {
  await cluster.untilHealthy();
  await cluster.nodes[0]!.server.kill();
  await cluster.untilHealthy();
}

jest.setTimeout(90_000);

describeWith(['redis-server'], 'a server on Redis Clusters', () => {
  beforeAll(async () => {
    [inboxes, cache, queue] = await Promise.all([startCluster('inboxes'), startCluster('cache'), startQueue()]);
    server = await ServerProcess.start('standalone', {
      DATA_DIR: `${dir.path}/data`,
      REDIS_URL: queue.url,
      INBOX_REDIS_URL: inboxes.url,
      CACHE_REDIS_URL: cache.url,
    });
    stops.push(() => server.stop());
    load = await Load.prepare(server.url, AUTHORS, VIEWERS);
  });

  afterAll(async () => {
    for (const stop of stops.reverse()) await stop();
    dir.remove();
  });

  it.each([
    ['a replica of the inboxes is killed and brought back', () => killReplica(inboxes)],
    ['a master of the inboxes is killed', () => killMaster(inboxes)],
    ['a master of the cache is killed', () => killMaster(cache)],
    ['the queue is killed and brought back', () => queue.server.kill().then(() => queue.server.restart())],
  ])('fails no reader and loses no post when %s', async (_what, fault) => {
    const { failedReads, failedWrites } = await load.during(fault);
    expect(failedReads).toEqual([]);
    expect(failedWrites).toEqual([]);
    await load.untilFeedsAreTrue();
  });

  it('ends cleanly soon after all nodes have died', async () => {
    await Promise.all([...inboxes.nodes, ...cache.nodes].map((node) => node.server.kill()));
    expect(await server.stop()).toBe(0);
  });
});
