import { setTimeout as delay } from 'node:timers/promises';
import { until } from '#test';
import type { Section } from '../report/report.ts';
import { Rig } from './rig.ts';

const INSTANCES = 5;

/** From the first read of a spike to the key's being in the hot room of every instance, those it has not reached included. */
export async function spike(url: string): Promise<Section> {
  const rig = await Rig.open({ urls: [url], instances: INSTANCES });
  const rows: (string | number)[][] = [];
  for (const [where, everywhere] of [
    ['on one instance', false],
    ['on all instances', true],
  ] as const)
    for (const perSecond of [1_000, 5_000, 20_000])
      rows.push([where, perSecond, ...(await measure(rig, everywhere, perSecond))]);
  await rig.close();
  const columns = ['spike', 'reads/s', 'ms to service from the hot room of all, worst of 3', 'loads'];
  return {
    title: 'From spike to local service',
    about: `${INSTANCES} instances; goal 1,000 ms. Reads that failed: ${rig.errors}.`,
    columns,
    rows,
  };
}

let keys = 0;

async function measure(rig: Rig, everywhere: boolean, perSecond: number): Promise<[number, number]> {
  let worst = 0;
  const before = rig.loads;
  for (let run = 0; run < 3; run++) {
    await delay(300 * run); // at another moment of the window
    const key = `viral-${++keys}`;
    const going = { on: true };
    const startMs = performance.now();
    const readers = read(rig, key, everywhere, perSecond, going);
    const local = () =>
      rig.caches.every((cache, i) => isHot(cache.hotKeys, key) && rig.region(i).peek(key) !== undefined);
    await until(local, Boolean, { everyMs: 5, deadlineMs: 10_000 });
    worst = Math.max(worst, performance.now() - startMs);
    going.on = false;
    await readers;
  }
  return [Math.round(worst), rig.loads - before];
}

function isHot(hotKeys: readonly { key: string }[], key: string): boolean {
  return hotKeys.some((hot) => hot.key === key);
}

async function read(
  rig: Rig,
  key: string,
  everywhere: boolean,
  perSecond: number,
  going: { on: boolean },
): Promise<void> {
  const startMs = performance.now();
  for (let n = 0; going.on;) {
    const due = ((performance.now() - startMs) * perSecond) / 1_000;
    for (; n < due; n++) void readOnce(rig, everywhere ? n : 0, key);
    await delay(1);
  }
}

/** Who reads, in a crowd, does not mind what the others get; the goal does. */
async function readOnce(rig: Rig, by: number, key: string): Promise<void> {
  try {
    await rig.region(by).get(key);
  } catch {
    rig.errors++;
  }
}
