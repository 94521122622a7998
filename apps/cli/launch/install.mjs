import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';
import { runNpm } from './step.mjs';

/** Whether node_modules holds what package-lock.json asks for. npm writes its own account of it when it is done. */
export function isInstalled() {
  const account = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(account)) return false;
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const present = packagesOf(account);
  return Object.entries(wanted).every(
    // What is optional may be for other machines.
    ([path, { version, optional }]) => path === '' || optional || present[path]?.version === version,
  );
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

export async function install(say, signal) {
  say('Installing the dependencies (npm ci) ...');
  // No package needs its install script here, and one of them reports home.
  await runNpm(['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], signal);
}
