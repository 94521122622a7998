import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedisProgram, startRedisCluster, startRedisServer } from '#local-stack';
import { type BenchOptions, newReport, type Report, type Section } from '../report/report.ts';
import { costs } from './costs.ts';
import { earlyRefresh } from './early-refresh.ts';
import { faults } from './faults.ts';
import { hostile } from './hostile.ts';
import { interleavings } from './interleavings.ts';
import { loadsPerCycle } from './loads-per-cycle.ts';
import { memory } from './memory.ts';
import { nodeLoad } from './node-load.ts';
import { peers } from './peers.ts';
import { sharedCommands } from './shared-commands.ts';
import { spike } from './spike.ts';
import { viralOverHttp } from './viral-over-http.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');
const quiet = { env: process.env, say: (): void => undefined };

/** Measures the cache library. Needs `npm run build` before, and redis-server. */
export async function run({ short }: BenchOptions): Promise<Report> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-hot-keys-'));
  const sections = [
    await costs(),
    memory(),
    await hostile(),
    await interleavings(short),
    ...(await onOneRedis(dir, short)),
    ...(await onCluster(dir)),
  ];
  rmSync(dir, { recursive: true });
  return newReport('Hot keys', sections, new Date());
}

async function onOneRedis(dir: string, short: boolean): Promise<Section[]> {
  const program = await findRedisProgram(quiet);
  if (program === undefined) throw new Error('no redis-server on PATH');
  const { url, server } = await startRedisServer(program, { name: 'bench redis', dir: join(dir, 'one'), ...quiet });
  const sources = join(root, 'test', 'bench', 'hot-keys', 'peers');
  try {
    return [
      await loadsPerCycle(url),
      await sharedCommands(url),
      await earlyRefresh(url),
      await spike(url),
      await viralOverHttp(url, short),
      await peers(url, sources, join(root, '.local', 'bench-peers')),
    ];
  } finally {
    await server.stop();
  }
}

async function onCluster(dir: string): Promise<Section[]> {
  const cluster = await startRedisCluster({ ...quiet, dir: join(dir, 'six'), nodeTimeoutMs: 1_000 });
  try {
    return [await nodeLoad(cluster.url.split(',')), await faults(cluster)];
  } finally {
    await cluster.stop();
  }
}
