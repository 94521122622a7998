import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  findRedisProgram,
  type RedisServer,
  StackError,
  type StackOptions,
  startCassandra,
  startRedisCluster,
  startRedisServer,
} from '#local-stack';
import type { Part } from './part.ts';
import type { Parts } from './parts.ts';

export interface StoresOptions extends StackOptions {
  readonly dir: string;
  readonly cassandraNodes: 1 | 3;
  readonly heapMb: number;
  readonly fresh: boolean;
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Cassandra and all of Redis; gives back the services' variables that name them. What was started is in `parts`, also when
 * another start failed.
 */
export async function startStores(parts: Parts, options: StoresOptions): Promise<Variables> {
  const starts = await Promise.allSettled([cassandra(parts, options), redis(parts, options)]);
  for (const start of starts) if (start.status === 'rejected') throw start.reason;
  return Object.assign({}, ...starts.map((start) => (start.status === 'fulfilled' ? start.value : {}))) as Variables;
}

async function cassandra(parts: Parts, options: StoresOptions): Promise<Variables> {
  const { env, say, fresh, cassandraNodes } = options;
  if (env.CASSANDRA_CONTACT_POINTS) return {};
  const dir = join(options.dir, `cassandra-${cassandraNodes}`);
  if (fresh) rmSync(dir, { recursive: true, force: true });
  say(`Starting Cassandra (nodes: ${cassandraNodes}) ...`);
  const { nodes, variables } = await startCassandra({ ...options, nodes: cassandraNodes, dir });
  const partOf = ({ host, nativePort, server }: (typeof nodes)[number], i: number): Part => ({
    name: `cassandra-${i + 1}`,
    address: `${host}:${nativePort}`,
    server,
  });
  parts.add('cassandra', ...nodes.map(partOf));
  return variables;
}

/** Inboxes must never be evicted and a cache must be, hence two clusters; the queue is not for a cluster's slots. */
async function redis(parts: Parts, options: StoresOptions): Promise<Variables> {
  const { dir, env, say, signal } = options;
  const stack = { env, say, signal };
  say('Starting Redis: a cluster for inboxes, a cluster for the cache, and the queue ...');
  const inboxes = await startRedisCluster({
    ...stack,
    dir: join(dir, 'inboxes'),
    settings: memory('noeviction', 1024),
  });
  parts.add('redis', ...inboxes.nodes.map(nodeOf('inboxes')));
  const cache = await startRedisCluster({ ...stack, dir: join(dir, 'cache'), settings: memory('allkeys-lfu', 256) });
  parts.add('redis', ...cache.nodes.map(nodeOf('cache')));
  const program = await findRedisProgram(stack);
  if (program === undefined) throw new StackError('redis-server has gone');
  const place = { name: 'queue', dir: join(dir, 'queue'), settings: memory('noeviction', 1024) };
  const queue = await startRedisServer(program, { ...stack, ...place });
  parts.add('queue', { name: 'queue', address: queue.url, server: queue.server });
  return { REDIS_URL: queue.url, INBOX_REDIS_URL: inboxes.url, CACHE_REDIS_URL: cache.url };
}

const memory = (policy: string, mb: number): string[] => ['--maxmemory-policy', policy, '--maxmemory', `${mb}mb`];

const nodeOf =
  (cluster: string) =>
  ({ url, server }: RedisServer, i: number): Part => ({ name: `${cluster}-${i + 1}`, address: url, server });
