import { rmSync } from 'node:fs';
import { type CassandraCluster, StackError, firstFailure, runInForeground, startCassandra } from '#local-stack';
import { readOptions } from './options/read-options.ts';

const USAGE = `usage: npm run cassandra -- [--nodes 1|3] [--heap-mb N] [--dir DIR] [--fresh]
  A real Cassandra on loopback, until Ctrl-C. Its data stays in DIR (.local/cassandra-N); --fresh deletes it first.`;

export function main(args: string[]): Promise<number> {
  const { nodes, heapMb, dir, fresh } = readArgs(args);
  const say = (line: string) => console.log(line);
  return runInForeground(say, async (signal) => {
    if (fresh) rmSync(dir, { recursive: true, force: true });
    say(`Starting Cassandra (nodes: ${nodes}) in ${dir} ...`);
    const cluster = await startCassandra({ nodes, heapMb, dir, env: process.env, say, signal });
    const failed = firstFailure(cluster.nodes.map(({ server }) => server));
    return { lines: describe(cluster), failed, stop: () => cluster.stop() };
  });
}

function describe({ nodes, variables }: CassandraCluster): string[] {
  const logs = nodes.map(({ server }) => `  ${server.spec.name}, process ${server.pid}, log ${server.spec.logFile}`);
  const exports = Object.entries(variables).map(([name, value]) => `export ${name}=${value}`);
  return ['', ...logs, '', 'export STORE=cassandra', ...exports, '', 'Ctrl-C ends it.', 'ready'];
}

const OPTIONS = {
  nodes: { type: 'string', default: '1' },
  'heap-mb': { type: 'string', default: '256' },
  dir: { type: 'string' },
  fresh: { type: 'boolean', default: false },
} as const;

function readArgs(args: string[]) {
  const { values } = readOptions({ args, options: OPTIONS }, USAGE);
  const heapMb = Number(values['heap-mb']);
  if (!['1', '3'].includes(values.nodes) || !Number.isInteger(heapMb) || heapMb < 192) throw new StackError(USAGE);
  const nodes = values.nodes === '3' ? 3 : 1;
  return { nodes, heapMb, dir: values.dir ?? `.local/cassandra-${nodes}`, fresh: values.fresh } as const;
}
