import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new directory of its own; `remove` deletes it with all that is in it. */
export function tempDir(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'groundswell-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
