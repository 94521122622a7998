import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { freePort } from '#local-stack';
import { until } from '#test';
import { compileTree } from './compile-tree.ts';
import { spawnNode } from './spawn-node.ts';

const CLI = join(import.meta.dirname, '../../apps/cli');

/**
 * The server of the stub: writes to its Redis until the very end of its stop, and notes what it does. How it behaves is
 * told by STUB: `bad-variables`, `fail`, `defect`, `slow-start`, `slow-stop`, `hang`.
 */
const SERVER = `
import { appendFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const note = (line) => appendFileSync('notes', line + '\\n');

export async function start(env) {
  note('starting');
  note(JSON.stringify({ REDIS_URL: env.REDIS_URL, CACHE_REDIS_URL: env.CACHE_REDIS_URL }));
  if (env.STUB === 'fail') throw new Error('PORT is taken');
  if (env.STUB === 'defect') null.property;
  if (env.STUB === 'slow-start') await delay(500);
  const server = createServer((request, response) => response.end('stub'));
  server.listen(Number(env.PORT), '127.0.0.1');
  await once(server, 'listening');
  return {
    url: 'http://127.0.0.1:' + server.address().port,
    async stop() {
      note('stopping');
      if (env.STUB === 'hang') await new Promise(() => {});
      if (env.STUB === 'slow-stop') await delay(500);
      server.close();
      const { hostname, port } = new URL(env.REDIS_URL);
      const socket = connect(Number(port), hostname);
      socket.write('SET last write\\r\\n');
      const [answer] = await once(socket, 'data');
      socket.destroy();
      note('last write ' + String(answer).trim());
    },
  };
}
`;

const CONFIG = `
export function readConfig(env) {
  if (env.STUB === 'bad-variables') throw new Error('PORT must be a number\\nSTORE must be lmdb or cassandra');
  return { dataDir: env.DATA_DIR || '.data' };
}
`;

const COMMAND = `
export async function main(args) {
  console.log(JSON.stringify(args));
  if (args[0] === 'fail') throw new Error('there is no such user');
  return Number(args[0] ?? 0);
}
`;

const LOCK = {
  name: 'stub',
  lockfileVersion: 3,
  packages: {
    '': { name: 'stub', dependencies: { dep: 'file:dep' } },
    dep: { version: '1.0.0' },
    'node_modules/dep': { resolved: 'dep', link: true },
  },
};

/** A project that has of the real one just what starts it, and stands for it as if freshly cloned. */
export class StubProject {
  readonly dir = mkdtempSync(join(tmpdir(), 'start-'));
  readonly #running: ChildProcess[] = [];

  constructor() {
    cpSync(CLI, join(this.dir, 'apps/cli'), { recursive: true });
    this.writeManifest({ node: '>=20.19.0' });
    this.write('package-lock.json', JSON.stringify(LOCK));
    this.write('dep/package.json', '{ "name": "dep", "version": "1.0.0" }');
    this.write('tsconfig.json', '{}');
    this.write('tsconfig.build.json', '{ "include": ["libs"] }');
    this.write('libs/thing/src/index.ts', '1');
    this.write('build.sh', 'echo building >> notes; [ ! -e slow ] || sleep 30; [ ! -e broken ] || exit 2');
    this.write('dist/apps/standalone/src/main.js', SERVER);
    this.write('dist/apps/cli/src/echo.js', COMMAND);
    this.write('dist/libs/config/src/index.js', CONFIG);
    compileTree('libs/local-stack/src', join(this.dir, 'dist/libs/local-stack/src'));
  }

  writeManifest(engines: { node: string }): void {
    const imports = { '#*': './dist/libs/*/src/index.js' };
    const manifest = { name: 'stub', type: 'module', engines, imports, scripts: { build: 'sh build.sh' } };
    this.write('package.json', JSON.stringify({ ...manifest, dependencies: { dep: 'file:dep' } }));
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.dir, path)), { recursive: true });
    writeFileSync(join(this.dir, path), text);
  }

  /** Takes one of the real commands in. */
  addCommand(name: string): void {
    compileTree('apps/cli/src', join(this.dir, 'commands'));
    for (const path of [`${name}.js`, 'options'])
      cpSync(join(this.dir, 'commands', path), join(this.dir, 'dist/apps/cli/src', path), { recursive: true });
  }

  remove(path: string): void {
    rmSync(join(this.dir, path), { recursive: true, force: true });
  }

  /** What the build and the server noted since the last time. */
  takeNotes(): string[] {
    const file = join(this.dir, 'notes');
    const notes = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
    rmSync(file, { force: true });
    return notes;
  }

  async start(env: Record<string, string> = {}, script = 'apps/cli/start.mjs', ...args: string[]): Promise<Run> {
    const port = String(await freePort());
    const own = { PATH: process.env.PATH, HOME: process.env.HOME, PORT: port };
    const child = spawnNode([script, ...args], { cwd: this.dir, env: { ...own, ...env } });
    this.#running.push(child);
    return new Run(child);
  }

  end(): void {
    for (const child of this.#running) child.kill('SIGKILL');
    rmSync(this.dir, { recursive: true });
  }
}

/** One start of the stub. */
export class Run {
  out = '';
  err = '';

  constructor(readonly child: ChildProcess) {
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.out += text));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.err += text));
  }

  /** Waits for a text of stdout. */
  async says(text: string, deadlineMs = 10_000): Promise<void> {
    await until(
      () => this.out + (this.child.exitCode === null ? '' : `\n(ended) ${this.err}`),
      (out) => out.includes(text) || out.includes('(ended)'),
      { deadlineMs },
    );
    expect(this.out).toContain(text);
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  signalGroup(name: NodeJS.Signals): void {
    process.kill(-this.child.pid!, name);
  }

  /** The exit code, or the signal that ended it. */
  async ended(): Promise<number | string | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'close');
    return this.child.exitCode ?? this.child.signalCode;
  }
}
