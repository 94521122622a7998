import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#kernel';
import { type CassandraCluster, startCassandra, startRedisCluster } from '#local-stack';
import { Tokens } from '#auth';
import { ApiClient, ServerProcess, startTestRedis } from '#test';
import { type LoadedServer, seedRunning } from '../../../apps/cli/src/k6/loaded-server.ts';
import { keyLoads } from './key-loads.ts';

const SECRET = 'only for this bench, which ends soon';

interface Account {
  readonly handle: string;
  readonly id: string;
  readonly token: string;
}

/** What all pairs of processes run on: one Cassandra, a Redis Cluster of six as the cache, seeded people. */
export interface Stage {
  /** Of the processes. */
  readonly env: Readonly<Record<string, string>>;
  readonly dir: string;
  readonly tokensFile: string;
  /** Of nobody but pushed posts, and a celebrity. To be asked `at` a server. */
  readonly author: ApiClient;
  readonly star: ApiClient;
  readonly operator: ApiClient;
  /** Commands of the cache's Redis that name this key, or a copy of it, by node, while the work is done. */
  loadsOf(name: string, work: () => Promise<unknown>): Promise<Record<string, number>>;
  /** The store stands still meanwhile. */
  withoutStore<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export async function openStage(say: (line: string) => void): Promise<Stage> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-techniques-'));
  const stack = { env: process.env, say };
  const queue = await startTestRedis();
  const cache = await startRedisCluster({
    ...stack,
    dir: join(dir, 'redis'),
    settings: ['--maxmemory-policy', 'allkeys-lfu'],
  });
  const cassandra = await startCassandra({ ...stack, nodes: 1, heapMb: 512, dir: join(dir, 'cassandra') });
  const env = {
    ...(cassandra.variables as Record<string, string>),
    STORE: 'cassandra',
    REDIS_URL: queue.url,
    CACHE_REDIS_URL: cache.url,
    AUTH_SECRET: SECRET,
    PROMOTE_FOLLOWERS: '50',
    DEMOTE_FOLLOWERS: '25',
  };
  const { tokensFile } = await seed(env, dir, say);
  const close = async (): Promise<void> => {
    await Promise.all([queue.stop(), cache.stop(), cassandra.kill()]);
    rmSync(dir, { recursive: true });
  };
  return {
    env,
    dir,
    tokensFile,
    ...(await people(tokensFile)),
    loadsOf: (name, work) => keyLoads(cache.url.split(','), name, work),
    withoutStore: paused(cassandra),
    close,
  };
}

async function seed(env: Record<string, string>, dir: string, say: (line: string) => void): Promise<LoadedServer> {
  const server = await ServerProcess.start('standalone', env);
  try {
    return await seedRunning(server.url, { env: { ...process.env, ...env }, say, dir, short: true });
  } finally {
    await server.stop();
  }
}

async function people(tokensFile: string) {
  const accounts = JSON.parse(readFileSync(tokensFile, 'utf8')) as Account[];
  const clientOf = (is: (handle: string) => boolean): ApiClient => {
    const account = accounts.find(({ handle }) => is(handle));
    if (account === undefined) throw new Error('the seed made nobody of that kind');
    return new ApiClient('', account.id, account.token);
  };
  const { token } = await new Tokens({ secret: SECRET, ttlMs: 3_600_000, clock: systemClock }).issue({ ops: true });
  return {
    author: clientOf((handle) => !handle.startsWith('celebrity')),
    star: clientOf((handle) => handle.startsWith('celebrity')),
    operator: new ApiClient('', '', token),
  };
}

function paused(cassandra: CassandraCluster) {
  return async <T>(work: () => Promise<T>): Promise<T> => {
    for (const { server } of cassandra.nodes) server.pause();
    try {
      return await work();
    } finally {
      for (const { server } of cassandra.nodes) server.resume();
      await cassandra.untilHealthy();
    }
  };
}
