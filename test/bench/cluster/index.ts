import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#local-stack';
import type { Parts } from '../../../apps/cli/src/cluster/parts.ts';
import { startCluster } from '../../../apps/cli/src/cluster/start-cluster.ts';
import { seedRunning } from '../../../apps/cli/src/k6/loaded-server.ts';
import { type BenchOptions, newReport, type Report, type Section } from '../report/report.ts';
import { deliveries } from './deliveries.ts';
import { edge } from './edge.ts';
import { loadTests } from './load-tests.ts';

const SECRET = 'only for this bench, which ends soon';

/** Measures the whole topology on one machine. Needs what `npm run build` makes, Java, nginx, redis-server and k6 or Go. */
export async function run(options: BenchOptions): Promise<Report> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-cluster-'));
  try {
    const sizes = options.short ? { viewers: 2_000, seconds: 1 } : { viewers: 10_000, seconds: 5 };
    options.say('deliveries on one Redis and on a cluster');
    const sections = [await deliveries(join(dir, 'redis'), sizes), ...(await onCluster(dir, options))];
    return newReport('Cluster', sections, new Date());
  } finally {
    rmSync(dir, { recursive: true });
  }
}

async function onCluster(dir: string, { short, say }: BenchOptions): Promise<Section[]> {
  const port = await freePort();
  const env = { ...process.env, RATE_LIMITS: 'off', LOG_LEVEL: 'warn', AUTH_SECRET: SECRET };
  const place = { env, say, dir: join(dir, 'cluster'), port, secret: SECRET };
  const startedAtMs = performance.now();
  const parts = await startCluster({ ...place, cassandraNodes: 1, heapMb: 512, fresh: true });
  try {
    const start = startUp(parts, performance.now() - startedAtMs);
    const baseUrl = `http://127.0.0.1:${port}`;
    const server = await seedRunning(baseUrl, { env, say, dir: join(dir, 'k6'), short: true });
    say('one post through the edge');
    const crowd = await edge(parts, dir, await newestPost(baseUrl), short ? 1 : 5);
    const load = short ? { RATE: '5', DURATION_S: '2' } : { RATE: '20', DURATION_S: '20' };
    return [start, crowd, await loadTests(server, join(dir, 'k6'), load)];
  } finally {
    await parts.stop();
  }
}

function startUp(parts: Parts, tookMs: number): Section {
  return {
    title: 'Start',
    about: 'From nothing to ready, with an empty Cassandra whose schema is made; the jars are there already.',
    columns: ['processes', 'seconds'],
    rows: [[parts.all().length, (tookMs / 1000).toFixed(1)]],
  };
}

async function newestPost(baseUrl: string): Promise<string> {
  const answer = await fetch(`${baseUrl}/v1/users/@celebrity_1/posts?limit=1`);
  const { items } = (await answer.json()) as { items: { id: string }[] };
  if (!items[0]) throw new Error('the seeded celebrity has no posts');
  return items[0].id;
}
