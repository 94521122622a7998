import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import type { Environment } from './stack-options.ts';

/**
 * The directory `name` of the user's cache, made by `fill` if it is not there. `fill` works in a scratch directory that
 * is moved into place when it is complete, so what the cache holds is whole, also after a crash or with two at once.
 */
export async function cachedDir(name: string, env: Environment, fill: (dir: string) => Promise<void>) {
  const dir = join(cacheHome(env), 'groundswell', name);
  if (existsSync(dir)) return dir;
  mkdirSync(dirname(dir), { recursive: true });
  const scratch = mkdtempSync(`${dir}.part-`);
  try {
    await fill(scratch);
    moveInto(scratch, dir);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return dir;
}

/** By the XDG base directory specification, which has relative paths ignored. */
function cacheHome({ XDG_CACHE_HOME, HOME }: Environment): string {
  return XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(HOME ?? homedir(), '.cache');
}

function moveInto(scratch: string, dir: string): void {
  try {
    renameSync(scratch, dir);
  } catch (error) {
    if (!existsSync(dir)) throw error; // else somebody was faster, with the same contents
  }
}
