import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';
import { runNpm } from './step.mjs';

/** Lies in dist, so that it goes with it. Holds the fingerprint of the sources of the last complete build. */
const MARK = join(root, 'dist/.sources');

/** Whether dist is what the sources make. */
export function isBuilt() {
  return existsSync(MARK) && readFileSync(MARK, 'utf8') === fingerprint();
}

export async function build(say, signal) {
  say('Building what changed ...');
  const sources = fingerprint(); // beforehand: what changes meanwhile is built the next time
  await runNpm(['run', '--silent', 'build'], signal);
  writeFileSync(MARK, sources);
}

/** Of the names, sizes and times of everything that a build depends on. */
function fingerprint() {
  const { include } = JSON.parse(readFileSync(join(root, 'tsconfig.build.json'), 'utf8'));
  const settings = [
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'apps/cli/copy-assets.mjs',
  ];
  const hash = createHash('sha256');
  for (const path of [...settings, ...include.flatMap(sourcesIn)].sort()) {
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** What the compiler takes, and what copy-assets.mjs does. */
function sourcesIn(dir) {
  if (!existsSync(join(root, dir))) return [];
  return readdirSync(join(root, dir), { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : sourcesIn(path);
    return isSource(path) ? [path] : [];
  });
}

function isSource(path) {
  return path.endsWith('.ts') ? !path.endsWith('.spec.ts') : /\/(lua|assets)\//.test(path);
}
