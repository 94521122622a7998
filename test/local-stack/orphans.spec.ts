import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { accepts } from '#local-stack';
import { until } from '#test';
import { compileTree } from './compile-tree.ts';
import { spawnNode } from './spawn-node.ts';

const dir = mkdtempSync(join(tmpdir(), 'orphans-'));
const parent = join(dir, 'parent.mjs');

beforeAll(() => {
  writeFileSync(join(dir, 'package.json'), '{ "type": "module" }');
  compileTree('libs/local-stack/src', join(dir, 'local-stack'));
  writeFileSync(
    parent,
    `import { provideRedis } from './local-stack/index.js';
    const options = { env: { PATH: process.env.PATH }, dir: ${JSON.stringify(join(dir, 'redis'))}, say: () => {} };
    const { variables } = await provideRedis(options);
    console.log(JSON.stringify(variables));
    if (process.argv[2] === 'stay') setInterval(() => {}, 1000);`,
  );
});

afterAll(() => rmSync(dir, { recursive: true }));

/** A process that has provided itself with a Redis, and that Redis's ports. */
async function startParent(...args: string[]) {
  const child = spawnNode([parent, ...args], { cwd: dir, env: process.env });
  const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
  const urls = Object.values(JSON.parse(line) as Record<string, string>);
  expect(urls).toHaveLength(2);
  return { child, ports: urls.map((url) => Number(new URL(url).port)) };
}

async function listening(ports: number[]): Promise<number> {
  return (await Promise.all(ports.map((port) => accepts(port)))).filter(Boolean).length;
}

describe('what a process started', () => {
  it('ends with it, even when it is killed with SIGKILL', async () => {
    const { child, ports } = await startParent('stay');
    expect(await listening(ports)).toBe(2);
    child.kill('SIGKILL');
    expect(
      await until(
        () => listening(ports),
        (count) => count === 0,
      ),
    ).toBe(0);
  });

  it('ends with it when its whole group is killed', async () => {
    const { child, ports } = await startParent('stay');
    process.kill(-child.pid!, 'SIGKILL');
    expect(
      await until(
        () => listening(ports),
        (count) => count === 0,
      ),
    ).toBe(0);
  });

  it('does not keep it from ending', async () => {
    const { child, ports } = await startParent();
    if (child.exitCode === null) await once(child, 'exit');
    expect(child.exitCode).toBe(0);
    expect(
      await until(
        () => listening(ports),
        (count) => count === 0,
      ),
    ).toBe(0);
  });
});
