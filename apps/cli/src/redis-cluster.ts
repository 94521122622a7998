import { type RedisCluster, firstFailure, runInForeground, startRedisCluster } from '#local-stack';
import { readOptions } from './options/read-options.ts';

const USAGE = `usage: npm run redis-cluster -- [--dir DIR]
  A Redis Cluster of three masters and three replicas on loopback, empty, until Ctrl-C. DIR: .local/redis-cluster.`;

export function main(args: string[]): Promise<number> {
  const dir = readDir(args);
  const say = (line: string) => console.log(line);
  return runInForeground(say, async (signal) => {
    say(`Starting a Redis Cluster of six nodes in ${dir} ...`);
    const cluster = await startRedisCluster({ dir, env: process.env, say, signal });
    const failed = firstFailure(cluster.nodes.map(({ server }) => server));
    return { lines: describe(cluster), failed, stop: () => cluster.stop() };
  });
}

/** The queue is left out: it wants a Redis of its own. */
function describe({ nodes, url }: RedisCluster): string[] {
  const logs = nodes.map(({ server }) => `  ${server.spec.name}, process ${server.pid}, log ${server.spec.logFile}`);
  const exports = ['INBOX_REDIS_URL', 'CACHE_REDIS_URL'].map((name) => `export ${name}=${url}`);
  return ['', ...logs, '', ...exports, '', 'Ctrl-C ends it.', 'ready'];
}

function readDir(args: string[]): string {
  const options = { dir: { type: 'string', default: '.local/redis-cluster' } } as const;
  return readOptions({ args, options }, USAGE).values.dir;
}
