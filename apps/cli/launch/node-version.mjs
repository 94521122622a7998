import { readFileSync } from 'fs';
import { root } from './root.mjs';

/** Whether this Node is one that package.json allows; when not, says so and sets the exit code. */
export function requireNode() {
  const wanted = JSON.parse(readFileSync(root + 'package.json', 'utf8')).engines.node;
  if (!isOlder(process.versions.node, wanted.replace(/^>=/, ''))) return true;
  console.error('Groundswell needs Node ' + wanted + '; this is ' + process.versions.node + '.');
  process.exitCode = 1;
  return false;
}

function isOlder(version, than) {
  const [have, need] = [version, than].map((text) => text.split('.').map(Number));
  const i = need.findIndex((part, at) => part !== have[at]);
  return i >= 0 && have[i] < need[i];
}
