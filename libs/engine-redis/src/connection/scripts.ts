import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', '..', 'lua');

export interface Script {
  readonly lua: string;
  /** Undefined: the number of keys is the first argument of each call. */
  readonly numberOfKeys?: number;
}

/** Reads `lua/<name>.<keys>.lua`, where `<keys>` is a number or `n`. */
export function readScript(name: string, keys: number | 'n'): Script {
  const lua = readFileSync(join(folder, `${name}.${keys}.lua`), 'utf8');
  return keys === 'n' ? { lua } : { lua, numberOfKeys: keys };
}
