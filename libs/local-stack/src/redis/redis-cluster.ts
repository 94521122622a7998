import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePorts } from '../free-ports.ts';
import { StackError } from '../stack-error.ts';
import type { StackOptions } from '../stack-options.ts';
import { isHealthy } from './cluster-health.ts';
import { joinCluster } from './cluster-join.ts';
import { getRedisProgram } from './redis-program.ts';
import { type RedisServer, startRedisServer } from './redis-server.ts';

export interface RedisClusterOptions extends StackOptions {
  /** Directories of the nodes; what an earlier cluster left there is deleted. */
  readonly dir: string;
  /** At least 3, the default. */
  readonly masters?: number | undefined;
  /** In all, dealt out to the masters in turn; default 3. */
  readonly replicas?: number | undefined;
  /** How long a node is silent before it counts as failed; a fail-over takes about a second more. Default 5000. */
  readonly nodeTimeoutMs?: number | undefined;
  /** In the form of the command line, for every node. */
  readonly settings?: readonly string[] | undefined;
}

export interface RedisCluster {
  /** The masters of the beginning first, then their replicas. */
  readonly nodes: readonly RedisServer[];
  /** All nodes, as the server's variables want them. */
  readonly url: string;
  /**
   * Resolves when every slot has a serving master, and all serving nodes see each other and are in sync. After a
   * master was killed, that is when its replica has taken over. Throws a StackError after `withinMs`, default 60 s.
   */
  untilHealthy(withinMs?: number): Promise<void>;
  stop(): Promise<void>;
}

/** A node's bus port lies this far from its port. */
const BUS_OFFSET = 10_000;

/**
 * A Redis Cluster on loopback, whole and in sync. The nodes keep append-only files, so that one that is killed and
 * brought back before its replica took over still has what it acknowledged; without them it would come back empty and
 * empty its replica, too.
 */
export async function startRedisCluster(options: RedisClusterOptions): Promise<RedisCluster> {
  const { masters = 3, replicas = 3, signal } = options;
  const program = await getRedisProgram(options);
  const ports = await freePorts(masters + replicas, { offsets: [BUS_OFFSET] });
  const starts = await Promise.allSettled(ports.map((port, i) => startNode(program, port, i, options)));
  const nodes = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const stop = async () => {
    await Promise.all(nodes.map(({ server }) => server.kill())); // what they hold is deleted anyway
  };
  const untilHealthy = (withinMs = 60_000) => waitUntilHealthy(nodes, withinMs, signal);
  try {
    for (const start of starts) if (start.status === 'rejected') throw start.reason;
    await joinCluster(nodes, masters);
    await untilHealthy();
  } catch (error) {
    await stop();
    throw error;
  }
  return { nodes, url: nodes.map(({ url }) => url).join(','), untilHealthy, stop };
}

function startNode(program: string, port: number, i: number, options: RedisClusterOptions): Promise<RedisServer> {
  const { nodeTimeoutMs = 5000, settings = [] } = options;
  const dir = join(options.dir, `node-${i}`);
  rmSync(dir, { recursive: true, force: true });
  const timeout = ['--cluster-node-timeout', String(nodeTimeoutMs)];
  const cluster = ['--cluster-enabled', 'yes', ...timeout, '--cluster-require-full-coverage', 'no']; // the others serve on
  const replication = ['--repl-diskless-sync-delay', '0']; // else replicas wait 5 s for others to come along
  const all = [...cluster, ...replication, '--appendonly', 'yes', ...settings];
  return startRedisServer(program, { ...options, name: `Redis Cluster node ${port}`, dir, port, settings: all });
}

async function waitUntilHealthy(nodes: readonly RedisServer[], withinMs: number, signal?: AbortSignal): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await isHealthy(nodes))) {
    signal?.throwIfAborted();
    if (performance.now() > deadline)
      throw new StackError(`The Redis Cluster was not healthy within ${withinMs / 1000} s; its logs: ${logsOf(nodes)}`);
    await delay(50);
  }
}

function logsOf(nodes: readonly RedisServer[]): string {
  return nodes.map(({ server }) => server.spec.logFile).join(', ');
}
