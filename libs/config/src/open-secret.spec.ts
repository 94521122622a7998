import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSecret } from './open-secret.ts';

describe('openSecret', () => {
  let dir: string;
  beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), 'secret-'))));
  afterEach(() => rm(dir, { recursive: true }));

  it('makes one that only the owner may read, and finds it again', async () => {
    const data = join(dir, 'a/b');
    const secret = await openSecret(data);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect((await stat(join(data, 'auth-secret'))).mode & 0o777).toBe(0o600);
    expect(await openSecret(data)).toBe(secret);
  });

  it('gives all who start at the same moment the same one, and leaves no draft', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => openSecret(dir)));
    expect(new Set(all).size).toBe(1);
    expect(await readdir(dir)).toEqual(['auth-secret']);
  });

  it('refuses an empty file rather than signing with nothing', async () => {
    await writeFile(join(dir, 'auth-secret'), '\n');
    await expect(openSecret(dir)).rejects.toThrow('is empty');
  });
});
