import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findJava17 } from './java-17.ts';

const dir = mkdtempSync(join(tmpdir(), 'java-'));
afterAll(() => rmSync(dir, { recursive: true }));

/** A program that says it is a Java of some version, as Java does: on stderr. */
function java(path: string, version: string): string {
  const file = join(dir, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\necho 'openjdk version "${version}" 2025-04-15' >&2\n`, { mode: 0o755 });
  return file;
}

const find = (env: Record<string, string>, shelf = 'none') =>
  findJava17({ env, say: () => undefined }, [{ dir: join(dir, shelf), java: 'bin/java' }]);

describe('findJava17', () => {
  it('takes that of JAVA_HOME, of PATH, or of a shelf, whichever is first a Java 17', async () => {
    const home = java('home/bin/java', '17.0.15');
    const onPath = java('path/java', '17');
    const shelved = java('shelf/openjdk-17/bin/java', '17.0.1+12');
    java('old/bin/java', '11.0.2');
    java('new/java', '21.0.1');
    java('shelf/openjdk-117/bin/java', '1.17.0');
    const PATH = dirname(onPath);
    expect(await find({ JAVA_HOME: join(dir, 'home'), PATH })).toBe(home);
    expect(await find({ JAVA_HOME: join(dir, 'old'), PATH })).toBe(onPath);
    expect(await find({ JAVA_HOME: join(dir, 'gone'), PATH: join(dir, 'new') }, 'shelf')).toBe(shelved);
  });

  it('says what to do when there is none, also when one that is there does not run', async () => {
    writeFileSync(java('broken/java', '17'), '#!/bin/sh\necho \'version "17"\'; exit 1');
    await expect(find({ PATH: join(dir, 'broken') })).rejects.toThrow(/^Cassandra needs Java 17, and none was found/);
  });
});
