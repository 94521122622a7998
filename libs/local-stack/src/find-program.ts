import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Environment } from './stack-options.ts';

/** The path of the first of `names` that PATH offers; names are tried in their order. */
export function findProgram(names: readonly string[], env: Environment, extraDirs: readonly string[] = []) {
  const dirs = [...(env.PATH ?? '').split(delimiter).filter(Boolean), ...extraDirs];
  return names.flatMap((name) => dirs.map((dir) => join(dir, name))).find(isProgram);
}

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
