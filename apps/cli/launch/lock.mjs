import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from './root.mjs';

const LOCK = join(root, '.local/prepare.lock');

/** Runs `work` while no other process runs its own: two builds at once would write the same files. */
export async function exclusively(work, say, signal) {
  for (let tries = 0; !take(); tries++) {
    if (tries === 0) say('Waiting for another start that installs or builds ...');
    await delay(200, undefined, { signal });
  }
  try {
    return await work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

function take() {
  mkdirSync(dirname(LOCK), { recursive: true });
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isAlive(holder())) rmSync(LOCK, { force: true }); // a leftover: take it the next time
    return false;
  }
}

/** NaN when the file has just been made or has just gone. */
function holder() {
  try {
    return Number.parseInt(readFileSync(LOCK, 'utf8'), 10);
  } catch {
    return NaN;
  }
}

function isAlive(pid) {
  if (Number.isNaN(pid)) return true;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
