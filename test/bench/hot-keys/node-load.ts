import { setTimeout as delay } from 'node:timers/promises';
import { NodeSignals } from '#engine-redis';
import { loadSkew, type Techniques } from '#hot-cache';
import { systemClock } from '#kernel';
import type { Section } from '../report/report.ts';
import { Rig } from './rig.ts';

const SECONDS = 4;

/** How evenly one hot key's reads lie on six nodes. L1 is off, so that there are reads enough to count. */
export async function nodeLoad(urls: readonly string[]): Promise<Section> {
  const rows = [
    await measure(urls, 'one record, on its master', { copies: false }, false),
    await measure(urls, 'copies on all masters', {}, false),
    await measure(urls, 'copies, replicas read too', {}, true),
  ];
  const about = `One key, 5 instances, ${SECONDS} s; 3 masters and 3 replicas. Busiest node over the mean of all six: goal <= 1.5.`;
  return { title: 'Load of the nodes', about, columns: ['how', 'reads/s', 'max/mean', 'commands/s by node'], rows };
}

async function measure(urls: readonly string[], how: string, techniques: Partial<Techniques>, replicaReads: boolean) {
  const region = { flightsPerSecond: 1e6, flightsBurst: 1e6 };
  const heat = { readsPerCopy: 100, promotePerSecond: 200, demotePerSecond: 100 };
  const rig = await Rig.open({
    urls,
    instances: 5,
    region,
    heat,
    replicaReads,
    techniques: { localTier: false, ...techniques },
  });
  const [client] = rig.clients;
  if (client === undefined) throw new Error('no client');
  const signals = new NodeSignals(client, systemClock);
  await readFor(rig, 2_500);
  await signals.sample();
  const reads = await readFor(rig, SECONDS * 1_000);
  const nodes = await signals.sample();
  await rig.close();
  const rates = Object.fromEntries(nodes.map(({ node, commandsPerSecond }) => [node, Math.round(commandsPerSecond)]));
  const loads = Object.values(rates).sort((a, b) => b - a);
  return [how, Math.round(reads / SECONDS), loadSkew(rates).ratio.toFixed(2), loads.join(', ')];
}

async function readFor(rig: Rig, ms: number): Promise<number> {
  const endMs = performance.now() + ms;
  let reads = 0;
  while (performance.now() < endMs) {
    await Promise.all(rig.regions.map(async (region) => region.get('viral')));
    reads += rig.regions.length;
    await delay(0);
  }
  return reads;
}
