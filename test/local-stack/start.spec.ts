import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { accepts, findRedisProgram, freePort, startRedisServer } from '#local-stack';
import { until } from '#test';
import { StubProject } from './stub-project.ts';

jest.setTimeout(30_000);

let project: StubProject;

beforeAll(() => {
  project = new StubProject();
});
afterAll(() => project.end());
afterEach(() => {
  project.takeNotes();
  for (const name of ['slow', 'broken']) project.remove(name);
});

/** The ports of the Redis that the stub was given. */
function redisPorts(notes: string[]): number[] {
  const variables = JSON.parse(notes.find((line) => line.startsWith('{')) ?? '{}') as Record<string, string>;
  return Object.values(variables).map((url) => Number(new URL(url).port));
}

async function gone(ports: number[]): Promise<boolean> {
  return (await Promise.all(ports.map((port) => accepts(port)))).every((accepting) => !accepting);
}

describe('npm start', () => {
  it('installs and builds the first time, and then only what changed', async () => {
    const start = async () => {
      const run = await project.start();
      await run.says('ready http://127.0.0.1:');
      run.signal('SIGTERM');
      expect(await run.ended()).toBe(0);
      return { installed: run.out.includes('npm ci'), built: project.takeNotes().includes('building') };
    };
    expect(await start()).toEqual({ installed: true, built: true });
    expect(await start()).toEqual({ installed: false, built: false });
    project.write('libs/thing/src/index.ts', 'changed');
    expect(await start()).toEqual({ installed: false, built: true });
    project.write('libs/thing/src/index.spec.ts', 'a test');
    expect(await start()).toEqual({ installed: false, built: false });
    project.remove('node_modules');
    expect(await start()).toEqual({ installed: true, built: false });
    project.remove('dist/.sources');
    expect(await start()).toEqual({ installed: false, built: true });
  });

  it('says where to look', async () => {
    const run = await project.start();
    await run.says('ready');
    const url = /^ready (http:\/\/127\.0\.0\.1:\d+)$/m.exec(run.out)![1]!;
    expect(await (await fetch(url)).text()).toBe('stub');
    for (const path of ['/v1', '/docs', '/metrics']) expect(run.out).toContain(`${url}${path}`);
    expect(run.out).toContain('npm run seed');
    run.signal('SIGINT');
    expect(await run.ended()).toBe(0);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('ends the server first and its Redis then, at %s', async (name) => {
    const run = await project.start();
    await run.says('ready');
    run.signal(name);
    expect(await run.ended()).toBe(0);
    const notes = project.takeNotes();
    expect(notes.slice(-2)).toEqual(['stopping', 'last write +OK']);
    expect(redisPorts(notes)).toHaveLength(2);
    expect(await gone(redisPorts(notes))).toBe(true);
    expect(run.err).toBe('');
  });

  it('is not cut short by more signals, neither to itself nor to its group', async () => {
    const run = await project.start({ STUB: 'slow-stop' });
    await run.says('ready');
    run.signalGroup('SIGINT');
    await run.says('Stopping');
    run.signalGroup('SIGINT');
    run.signalGroup('SIGTERM');
    run.signal('SIGTERM');
    expect(await run.ended()).toBe(0);
    const notes = project.takeNotes();
    expect(notes.at(-1)).toBe('last write +OK');
    expect(await gone(redisPorts(notes))).toBe(true);
  });

  it('ends cleanly when nobody reads its output any more', async () => {
    const run = await project.start({ STUB: 'slow-stop' });
    await run.says('ready');
    run.child.stdout!.destroy();
    run.child.stderr!.destroy();
    run.signal('SIGTERM');
    expect(await run.ended()).toBe(0);
    expect(project.takeNotes().at(-1)).toBe('last write +OK');
  });

  it('ends cleanly in the middle of a start', async () => {
    const run = await project.start({ STUB: 'slow-start' });
    const notes = await until(
      () => project.takeNotes(),
      (lines) => lines.length === 2,
    );
    run.signalGroup('SIGINT');
    expect(await run.ended()).toBe(0);
    expect(run.out).not.toContain('ready');
    expect(project.takeNotes()).toEqual(['stopping', 'last write +OK']);
    expect(await gone(redisPorts(notes))).toBe(true);
  });

  it('ends cleanly in the middle of a build, which the next start makes good', async () => {
    project.write('slow', '');
    project.write('libs/thing/src/index.ts', 'changed while slow');
    const run = await project.start();
    await until(() => project.takeNotes().includes('building'));
    run.signal('SIGTERM'); // not to the group: npm would not hand it on
    expect(await run.ended()).toBe(0);
    expect(run.err).toBe('');
    expect(existsSync(join(project.dir, '.local/prepare.lock'))).toBe(false);
    project.remove('slow');
    const next = await project.start();
    await next.says('ready');
    expect(project.takeNotes()).toContain('building');
    next.signal('SIGTERM');
    expect(await next.ended()).toBe(0);
  });

  it('gives up with an error when the server does not end', async () => {
    project.write('hasty.mjs', `import { serve } from './apps/cli/launch/serve.mjs'; serve({ deadlineMs: 300 });`);
    const run = await project.start({ STUB: 'hang' }, 'hasty.mjs');
    await run.says('ready');
    run.signal('SIGTERM');
    expect(await run.ended()).toBe(1);
    expect(run.err).toBe('Not everything ended within 0.3 s; giving up.\n');
    const ports = redisPorts(project.takeNotes());
    await until(() => gone(ports));
  });

  it('says plainly why the server does not start, and leaves nothing behind', async () => {
    const run = await project.start({ STUB: 'fail' });
    expect(await run.ended()).toBe(1);
    expect(run.err).toBe('PORT is taken\n');
    expect(await gone(redisPorts(project.takeNotes()))).toBe(true);
  });

  it('says all that is wrong with the variables before it starts anything', async () => {
    const run = await project.start({ STUB: 'bad-variables', DATA_DIR: 'never-made' });
    expect(await run.ended()).toBe(1);
    expect(run.err).toBe('PORT must be a number\nSTORE must be lmdb or cassandra\n');
    expect(existsSync(join(project.dir, 'never-made'))).toBe(false);
  });

  it('shows the place of a defect', async () => {
    const run = await project.start({ STUB: 'defect' });
    expect(await run.ended()).toBe(1);
    expect(run.err).toMatch(/TypeError: .*\n\s+at \S*start \(.*main\.js/);
  });

  it('says why a Redis of REDIS_URL will not do, and does not touch one that does', async () => {
    const options = { env: process.env, say: () => undefined, name: 'given', dir: join(project.dir, 'given') };
    const program = (await findRedisProgram(options))!;
    const evicting = ['--maxmemory-policy', 'allkeys-lru'];
    const redis = await startRedisServer(program, { ...options, settings: evicting });
    const refused = await project.start({ REDIS_URL: redis.url });
    expect(await refused.ended()).toBe(1);
    expect(refused.err).toContain("may evict the queue's jobs");
    await redis.server.stop();

    const fit = await startRedisServer(program, options);
    const run = await project.start({ REDIS_URL: fit.url });
    await run.says('ready');
    run.signal('SIGTERM');
    expect(await run.ended()).toBe(0);
    expect(redisPorts(project.takeNotes())).toEqual([fit.port]);
    expect(await accepts(fit.port)).toBe(true);
    await fit.server.stop();

    const nobody = await project.start({ REDIS_URL: `redis://:s3cret@127.0.0.1:${await freePort()}` });
    expect(await nobody.ended()).toBe(1);
    expect(nobody.err).toMatch(/^The Redis at 127\.0\.0\.1:\d+ \(REDIS_URL\) cannot be reached \(ECONNREFUSED\)\.\n$/);
  });

  it('refuses an old Node', async () => {
    project.writeManifest({ node: '>=999.1.0' });
    const run = await project.start();
    expect(await run.ended()).toBe(1);
    expect(run.err).toBe(`Groundswell needs Node >=999.1.0; this is ${process.versions.node}.\n`);
    project.writeManifest({ node: '>=20.19.0' });
  });

  it('does not start after a failed build', async () => {
    project.write('broken', '');
    project.write('libs/thing/src/index.ts', 'changed while broken');
    const run = await project.start();
    expect(await run.ended()).toBe(1);
    expect(run.err).toMatch(/npm run --silent build failed with exit code \d+\.\n$/);
    expect(project.takeNotes()).toEqual(['building']);
  });

  it('builds once when two start at once, also after one that died while it built', async () => {
    project.write('.local/prepare.lock', '999999999');
    project.write('libs/thing/src/index.ts', 'changed for two');
    const runs = [await project.start(), await project.start()];
    for (const run of runs) await run.says('ready');
    expect(project.takeNotes().filter((line) => line === 'building')).toHaveLength(1);
    for (const run of runs) run.signal('SIGTERM');
    for (const run of runs) expect(await run.ended()).toBe(0);
  });
});

describe('npm run', () => {
  const run = (...args: string[]) => project.start({}, 'apps/cli/run.mjs', ...args);

  it('runs a command with its arguments and gives back its exit code', async () => {
    const echo = await run('echo', '3', '--x', 'a b');
    expect(await echo.ended()).toBe(3);
    expect([echo.out, echo.err]).toEqual(['["3","--x","a b"]\n', '']);
  });

  it('keeps stdout for the command when it has to build first', async () => {
    project.write('libs/thing/src/index.ts', 'changed for a command');
    const echo = await run('echo');
    expect(await echo.ended()).toBe(0);
    expect(echo.out).toBe('[]\n');
    expect(echo.err).toContain('Building');
  });

  it("prints a command's error without its place", async () => {
    const echo = await run('echo', 'fail');
    expect(await echo.ended()).toBe(1);
    expect(echo.err).toBe('there is no such user\n');
  });

  it.each(['nonsense', '../echo', ''])('names the commands when it does not know %p', async (name) => {
    const unknown = await run(name);
    expect(await unknown.ended()).toBe(1);
    expect(unknown.err).toBe('usage: run.mjs COMMAND ...; the commands are echo\n');
  });
});
