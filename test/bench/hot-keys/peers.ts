import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Section } from '../report/report.ts';
import { Rig } from './rig.ts';

const INSTANCES = 5;
const READERS = 200;
const LOAD_MS = 50;

interface PeerResult {
  readonly cold: number;
  readonly invalidated: number;
  readonly stale: string;
}

/** The same work on the caches people would otherwise take. They are installed beside the project, when this runs. */
export async function peers(url: string, sources: string, workDir: string): Promise<Section> {
  const results: Record<string, PeerResult> = { 'hot-cache': await own(url), ...others(url, sources, workDir) };
  const rows = Object.entries(results).map(([name, { cold, invalidated, stale }]) => [name, cold, invalidated, stale]);
  const about = `${INSTANCES} instances x ${READERS} readers, loads of ${LOAD_MS} ms, one Redis, L1 and L2. Race: a slow reader loads a value that is changed and thrown out meanwhile; does a third instance read the old one afterwards?`;
  const columns = ['cache', 'loads, cold', 'loads, invalidated', 'old value served after invalidation'];
  return { title: 'Beside other caches', about, columns, rows };
}

async function own(url: string): Promise<PeerResult> {
  const rig = await Rig.open({ urls: [url], instances: INSTANCES, loadMs: LOAD_MS });
  const cold = await rig.loadsOf(() => rig.crowd('a', READERS));
  await rig.region(0).invalidate(['a']);
  await delay(100);
  const invalidated = await rig.loadsOf(() => rig.crowd('a', READERS));
  let stale = 0;
  for (let i = 0; i < 20; i++) if (await race(rig, `race-${i}`)) stale++;
  await rig.close();
  return { cold, invalidated, stale: `${stale} of 20` };
}

async function race(rig: Rig, key: string): Promise<boolean> {
  rig.store.set(key, 1);
  const slow = rig.region(0).get(key);
  await delay(LOAD_MS / 2);
  rig.store.set(key, 2);
  await rig.region(1).invalidate([key]);
  await slow;
  await delay(10);
  return (await rig.region(2).get(key))?.n === 1;
}

function others(url: string, sources: string, workDir: string): Record<string, PeerResult> {
  mkdirSync(workDir, { recursive: true });
  cpSync(sources, workDir, { recursive: true });
  const npm = ['install', '--no-audit', '--no-fund', '--no-package-lock'];
  if (!existsSync(join(workDir, 'node_modules'))) execFileSync('npm', npm, { cwd: workDir, stdio: 'ignore' });
  const out = execFileSync(process.execPath, ['peers.mjs', url], { cwd: workDir, encoding: 'utf8', timeout: 60_000 });
  return JSON.parse(out) as Record<string, PeerResult>;
}
