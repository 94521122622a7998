// Puts what the compiler leaves behind (Lua scripts, pages) beside the compiled code, at the same relative place.
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

for (const lib of readdirSync(join(root, 'libs'))) {
  for (const folder of ['lua', 'assets']) {
    const from = join(root, 'libs', lib, folder);
    if (existsSync(from)) cpSync(from, join(root, 'dist', 'libs', lib, folder), { recursive: true });
  }
}
