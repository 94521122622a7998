import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { idOf, type UserId } from '#ids';
import type { Operator } from '../operator/operator.ts';
import type { SeededUser } from './seeder.ts';

/** Writes `[{handle, id, token}]` of all users, for load tests; readable by its owner alone. */
export async function writeTokenFile(file: string, users: readonly SeededUser[], operator: Operator): Promise<void> {
  const entries = [];
  for (const { handle, id } of users) entries.push({ handle, id, token: await operator.issueToken(idOf<UserId>(id)) });
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(entries), { mode: 0o600 });
}
