import { setTimeout as delay } from 'node:timers/promises';
import type { Section } from '../report/report.ts';
import { Rig } from './rig.ts';

const TTL_MS = 1_000;
const CYCLES = 12;

/** How many cycles end with readers who find the value gone stale, or wait. */
export async function earlyRefresh(url: string): Promise<Section> {
  const rows = [];
  for (const on of [false, true]) {
    const region = { ttlMs: TTL_MS, graceMs: 10_000, localTtlMs: 200 };
    const rig = await Rig.open({ urls: [url], instances: 5, region, techniques: { earlyRefresh: on } });
    await rig.crowd('key', 1);
    const loads = await rig.loadsOf(async () => {
      const endMs = performance.now() + CYCLES * TTL_MS;
      while (performance.now() < endMs) {
        await rig.crowd('key', 10);
        await delay(2);
      }
    });
    const stale = rig.regions.reduce((sum, { counters }) => sum + counters.staleServed, 0);
    rows.push([on ? 'on' : 'off', stale, loads]);
    await rig.close();
  }
  const about = `One key, five instances, about ${CYCLES} lifetimes of ${TTL_MS} ms (with 10 % jitter), loads of 50 ms. An instance that reads a stale value keeps it for one L1 lifetime.`;
  return {
    title: 'Early refresh (XFetch)',
    about,
    columns: ['early refresh', 'stale answers of the shared tier', 'loads'],
    rows,
  };
}
