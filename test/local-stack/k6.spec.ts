// Builds k6 when the user's cache does not hold it yet: a minute or two on two cores.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureK6 } from '#local-stack';
import { describeWith } from './describe-with.ts';

const dir = mkdtempSync(join(tmpdir(), 'k6-'));
const moduleDir = join(import.meta.dirname, '../k6/go');
const options = { env: process.env, say: () => undefined, moduleDir };

afterAll(() => rmSync(dir, { recursive: true }));

describeWith(['go'], 'ensureK6', () => {
  it('gives a k6 of version 2 that runs TypeScript', async () => {
    const k6 = await ensureK6(options);
    const script = join(dir, 'script.ts');
    writeFileSync(
      script,
      `const answer: number = 42;\nexport default function () { console.log('answer', answer); }\n`,
    );
    const { status, stderr } = spawnSync(k6, ['run', '--quiet', script], { encoding: 'utf8' });
    expect(stderr).toContain('answer 42');
    expect(status).toBe(0);
  }, 1_300_000);
});

describe('ensureK6 without Go', () => {
  it('prefers a k6 of PATH, if it is of version 2', async () => {
    const k6 = join(dir, 'k6');
    writeFileSync(k6, '#!/bin/sh\necho "k6 v2.9.9 (go1.26.8, linux/amd64)"\n', { mode: 0o755 });
    expect(await ensureK6({ ...options, env: { PATH: dir } })).toBe(k6);
  });

  it('says what is missing, and leaves nothing half-made in the cache', async () => {
    writeFileSync(join(dir, 'k6'), '#!/bin/sh\necho "k6 v0.57.0 (go1.23.6, linux/amd64)"\n', { mode: 0o755 });
    const cache = join(dir, 'cache');
    const missing = ensureK6({ ...options, env: { PATH: dir, XDG_CACHE_HOME: cache } });
    await expect(missing).rejects.toThrow('need k6 version 2 on PATH, or Go 1.25 or newer');
    expect(existsSync(cache) && readdirSync(join(cache, 'groundswell'))).toEqual([]);
  });
});
