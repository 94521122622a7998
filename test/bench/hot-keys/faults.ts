import { setTimeout as delay } from 'node:timers/promises';
import type { RedisCluster } from '#local-stack';
import type { Section } from '../report/report.ts';
import { Rig } from './rig.ts';

const KEYS = Array.from({ length: 50 }, (_, i) => `key-${i}`);

interface Watch {
  latenciesMs: number[];
  errors: number;
  greatestStalenessMs: number;
}

/** Readers on three instances while the cluster breaks, and a writer who changes a key every 100 ms. */
export async function faults(cluster: RedisCluster): Promise<Section> {
  const heat = { promotePerSecond: 50, demotePerSecond: 20, readsPerCopy: 20 };
  const urls = cluster.url.split(',');
  const rig = await Rig.open({ urls, instances: 3, region: { localTtlMs: 300 }, heat, loadMs: 5 });
  const bound = rig.caches[0]?.stalenessBoundMs ?? 0;
  const rows: (string | number)[][] = [];
  const row = async (what: string, breakIt: () => Promise<void>) =>
    rows.push([what, ...(await watch(rig, breakIt)), bound]);
  await row('nothing', () => delay(3_000));
  await row('a replica killed, and back', async () => {
    await cluster.nodes[3]?.server.kill();
    await delay(2_000);
    await cluster.nodes[3]?.server.restart();
    await cluster.untilHealthy();
  });
  await row('a master killed, its replica takes over', async () => {
    await cluster.nodes[0]?.server.kill();
    await cluster.untilHealthy();
    await delay(1_000);
    await cluster.nodes[0]?.server.restart();
    await cluster.untilHealthy();
  });
  await row('all of Redis stands still for 5 s', async () => {
    for (const { server } of cluster.nodes) server.pause();
    await delay(5_000);
    for (const { server } of cluster.nodes) server.resume();
    await cluster.untilHealthy();
  });
  await row('all of Redis gone', async () => {
    await Promise.all(cluster.nodes.map(({ server }) => server.kill()));
    await delay(3_000);
  });
  await rig.close();
  const columns = ['fault', 'reads', 'errors', 'p50 ms', 'p99 ms', 'max ms', 'greatest staleness ms', 'bound ms'];
  const about =
    'Six real nodes. Staleness: how long after an acknowledged invalidation (true) some instance still read the older value. p99 counts reads that L1 answers.';
  return { title: 'Faults', about, columns, rows };
}

async function watch(rig: Rig, breakIt: () => Promise<void>): Promise<(string | number)[]> {
  const seen: Watch = { latenciesMs: [], errors: 0, greatestStalenessMs: 0 };
  const acked = new Map<string, { n: number; atMs: number }[]>();
  const going = { on: true };
  const work = [write(rig, acked, going), ...rig.regions.map((_, i) => readAll(rig, i, acked, seen, going))];
  await breakIt();
  going.on = false;
  await Promise.all(work);
  const sorted = seen.latenciesMs.sort((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(2);
  return [sorted.length, seen.errors, at(0.5), at(0.99), at(1), Math.round(seen.greatestStalenessMs)];
}

async function write(
  rig: Rig,
  acked: Map<string, { n: number; atMs: number }[]>,
  going: { on: boolean },
): Promise<void> {
  for (let i = 0; going.on; i++) {
    const key = KEYS[i % KEYS.length] ?? '';
    const n = (rig.store.get(key) ?? 0) + 1;
    rig.store.set(key, n);
    if (await rig.region(0).invalidate([key]))
      acked.set(key, [...(acked.get(key) ?? []), { n, atMs: performance.now() }]);
    await delay(100);
  }
}

async function readAll(
  rig: Rig,
  by: number,
  acked: Map<string, { n: number; atMs: number }[]>,
  seen: Watch,
  going: { on: boolean },
) {
  while (going.on) {
    await Promise.all(KEYS.map((key) => readOne(rig, by, key, acked, seen)));
    await delay(10);
  }
}

async function readOne(
  rig: Rig,
  by: number,
  key: string,
  acked: Map<string, { n: number; atMs: number }[]>,
  seen: Watch,
) {
  const startMs = performance.now();
  try {
    const value = await rig.region(by).get(key);
    seen.latenciesMs.push(performance.now() - startMs);
    const newer = acked.get(key)?.find(({ n, atMs }) => n > (value?.n ?? 0) && atMs <= startMs);
    if (newer !== undefined) seen.greatestStalenessMs = Math.max(seen.greatestStalenessMs, startMs - newer.atMs);
  } catch {
    seen.errors++;
  }
}
