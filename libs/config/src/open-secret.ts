import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'auth-secret';
const SECRET_BYTES = 32;

/**
 * The signing secret kept in a data directory; made, with the directory, at the first call. The file appears complete or
 * not at all, and of two processes that make one at the same moment both return the winner's.
 */
export async function openSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, FILE);
  const known = await findSecret(path);
  if (known !== undefined) return known;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, randomBytes(SECRET_BYTES).toString('base64url'), { mode: 0o600, flag: 'wx', flush: true });
  try {
    await link(draft, path); // unlike a rename, never replaces what another process has put there
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(draft);
  }
  const secret = await findSecret(path);
  if (secret === undefined) throw new Error(`${path} vanished while it was read`);
  return secret;
}

async function findSecret(path: string): Promise<string | undefined> {
  try {
    const secret = (await readFile(path, 'utf8')).trim();
    if (secret === '') throw new Error(`${path} is empty: put the secret back, or delete the file to make a new one`);
    return secret;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

const hasCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException | null)?.code === code;
