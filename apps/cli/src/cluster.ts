import { openSecret, readConfig } from '#config';
import { accepts, type ForegroundStack, runInForeground, StackError } from '#local-stack';
import { describeCluster } from './cluster/screen.ts';
import { startCluster } from './cluster/start-cluster.ts';
import { readOptions } from './options/read-options.ts';

const USAGE = `usage: npm run cluster -- [--cassandra 1|3] [--heap-mb N] [--fresh]
  The whole topology as local processes, until Ctrl-C: Cassandra, two Redis Clusters (inboxes, cache), the queue's Redis, a
  post service, two timeline services, a worker, and the edge on PORT. Data of Cassandra stays in .local/cluster; --fresh
  deletes it first. CASSANDRA_CONTACT_POINTS: use that Cassandra instead of starting one.`;

export function main(args: string[]): Promise<number> {
  const wanted = readArgs(args);
  const { http, auth, dataDir } = readConfig({ ...process.env, STORE: 'lmdb' });
  const say = (line: string) => console.log(line);
  return runInForeground(say, async (signal): Promise<ForegroundStack> => {
    if (await accepts(http.port)) throw new StackError(`port ${http.port} is taken; set PORT to another one`);
    // The one that npm start keeps: so the other commands find it without being told.
    const secret = auth.secret ?? (await openSecret(dataDir));
    const { env } = process;
    const cluster = await startCluster({ ...wanted, port: http.port, secret, dir: '.local/cluster', env, say, signal });
    // What dies is shown, and the rest goes on: to see what then happens is what such a cluster is for.
    const never = new Promise<string>(() => undefined);
    return { lines: describeCluster(cluster, env), failed: never, stop: () => cluster.stop() };
  });
}

const OPTIONS = {
  cassandra: { type: 'string', default: '1' },
  'heap-mb': { type: 'string', default: '512' },
  fresh: { type: 'boolean', default: false },
} as const;

function readArgs(args: string[]) {
  const { cassandra, fresh, 'heap-mb': heap } = readOptions({ args, options: OPTIONS }, USAGE).values;
  const heapMb = Number(heap);
  if (!['1', '3'].includes(cassandra) || !Number.isInteger(heapMb) || heapMb < 192) throw new StackError(USAGE);
  return { cassandraNodes: cassandra === '3' ? 3 : 1, heapMb, fresh } as const;
}
