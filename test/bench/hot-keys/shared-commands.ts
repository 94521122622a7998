import { setTimeout as delay } from 'node:timers/promises';
import type { Techniques } from '#hot-cache';
import type { Section } from '../report/report.ts';
import { Rig } from './rig.ts';

const SECONDS = 4;

/** What one hot key costs Redis while everybody reads it. */
export async function sharedCommands(url: string): Promise<Section> {
  const rows: (string | number)[][] = [];
  for (const instances of [5, 20])
    for (const localTtlMs of [1_000, 2_000]) rows.push(await measure(url, instances, localTtlMs, {}));
  rows.push(await measure(url, 5, 1_000, { localTier: false }));
  const columns = [
    'instances',
    'L1 lifetime',
    'L1',
    'reads/s',
    'Redis commands/s for the key',
    'bound: instances / lifetime',
  ];
  const about = `One key read by all instances for ${SECONDS} s, the bus's heartbeats not counted.`;
  return { title: 'Redis commands for one key', about, columns, rows };
}

async function measure(url: string, instances: number, localTtlMs: number, techniques: Partial<Techniques>) {
  const region = { localTtlMs, flightsPerSecond: 1e6, flightsBurst: 1e6 };
  const rig = await Rig.open({ urls: [url], instances, region, techniques: { detection: false, ...techniques } });
  await rig.crowd('key', 1);
  await delay(200);
  const calls = () => rig.caches.reduce((sum, cache) => sum + cache.snapshot.tier.calls, 0);
  const before = calls();
  const endMs = performance.now() + SECONDS * 1_000;
  let reads = 0;
  while (performance.now() < endMs) {
    await rig.crowd('key', 20);
    reads += 20 * instances;
    await delay(1);
  }
  const perSecond = (calls() - before) / SECONDS;
  await rig.close();
  const l1 = techniques.localTier === false ? 'off' : 'on';
  const bound = ((instances * 1_000) / localTtlMs).toFixed(1);
  return [instances, `${localTtlMs} ms`, l1, Math.round(reads / SECONDS), perSecond.toFixed(1), bound];
}
