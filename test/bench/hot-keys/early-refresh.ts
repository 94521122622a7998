import { setTimeout as delay } from 'node:timers/promises';
import type { Section } from '../report/report.ts';
import { Rig } from './rig.ts';

const TTL_MS = 1_000;
const LIVES = 6;
const KEYS = 10;
const LOADS_MS = [2, 10, 50];

/** How many lives of a value end with readers who find it gone stale, and what it costs to prevent that. */
export async function earlyRefresh(url: string): Promise<Section> {
  const rows: string[][] = [];
  for (const instances of [1, 2, 5]) {
    const [off, on] = [await measure(url, instances, false), await measure(url, instances, true)];
    LOADS_MS.forEach((loadMs, i) =>
      rows.push([String(instances), String(loadMs), ...(off[i] ?? []), ...(on[i] ?? [])]),
    );
  }
  return {
    title: 'Early refresh (XFetch)',
    about:
      `${KEYS} keys for each row, each of them for ${LIVES} lifetimes of ${TTL_MS} ms (with 10 % jitter), read by all instances; per ` +
      'lifetime. An instance that reads a stale value keeps it for one L1 lifetime. Where a value goes stale, its life is longer ' +
      'by the time until somebody asks for it: that is why there are fewer loads without.',
    columns: ['instances', 'loads take ms', 'off: stale answers', 'off: loads', 'on: stale answers', 'on: loads'],
    rows,
  };
}

/** Stale answers of the shared tier, and loads, by what a load takes. */
async function measure(url: string, instances: number, on: boolean): Promise<string[][]> {
  const rigs: Rig[] = [];
  for (const loadMs of LOADS_MS) {
    const region = { ttlMs: TTL_MS, graceMs: 10_000, localTtlMs: 200 };
    rigs.push(await Rig.open({ urls: [url], instances, region, loadMs, techniques: { earlyRefresh: on } }));
  }
  await readFor(rigs, 2 * TTL_MS);
  const before = rigs.map(countsOf);
  await readFor(rigs, LIVES * TTL_MS);
  const after = rigs.map(countsOf);
  await Promise.all(rigs.map((rig) => rig.close()));
  const perLife = (now: number, then = 0): string => ((now - then) / (KEYS * LIVES)).toFixed(2);
  return after.map(({ stale, loads }, i) => [perLife(stale, before[i]?.stale), perLife(loads, before[i]?.loads)]);
}

function countsOf({ regions, loads }: Rig): { stale: number; loads: number } {
  return { stale: regions.reduce((sum, { counters }) => sum + counters.staleServed, 0), loads };
}

async function readFor(rigs: readonly Rig[], ms: number): Promise<void> {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs) {
    for (const rig of rigs) for (let n = 0; n < KEYS; n++) void rig.crowd(`key-${n}`, 1);
    await delay(4);
  }
  await delay(100);
}
