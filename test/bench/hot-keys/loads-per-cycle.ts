import { setTimeout as delay } from 'node:timers/promises';
import type { Techniques } from '#hot-cache';
import type { Section } from '../report/report.ts';
import { Rig } from './rig.ts';

const READERS = 200;
const TTL_MS = 2_000;

/** What one cold, stale or invalidated moment of one key costs the source. */
export async function loadsPerCycle(url: string): Promise<Section> {
  const rows: (string | number)[][] = [];
  for (const instances of [5, 50]) {
    rows.push(await measure(url, instances, 'all on', {}));
    rows.push(await measure(url, instances, 'lease off', { lease: false }));
    rows.push(await measure(url, instances, 'lease, single flight off', { lease: false, singleFlight: false }));
  }
  const about = `Loads of one key when ${READERS} readers an instance come at once: goal 1. A load takes 50 ms. Early refresh is off.`;
  return {
    title: 'Loads per cycle',
    about,
    columns: ['instances', 'techniques', 'cold', 'stale', 'invalidated'],
    rows,
  };
}

async function measure(url: string, instances: number, what: string, techniques: Partial<Techniques>) {
  const region = { ttlMs: TTL_MS, graceMs: 60_000, localTtlMs: 200, localGraceMs: 1, flightsBurst: 1e6 };
  const rig = await Rig.open({ urls: [url], instances, region, techniques: { earlyRefresh: false, ...techniques } });
  const cold = await rig.loadsOf(() => rig.crowd('key', READERS));
  await delay(TTL_MS * 1.1 + 400); // beyond freshness, and out of L1
  const stale = await rig.loadsOf(() => rig.crowd('key', READERS));
  await rig.region(0).invalidate(['key']);
  await delay(50);
  const invalidated = await rig.loadsOf(() => rig.crowd('key', READERS));
  await rig.close();
  return [instances, what, cold, stale, invalidated];
}
