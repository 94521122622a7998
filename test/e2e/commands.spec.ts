// The commands against a running server; needs what `npm run build` makes.
import { spawn } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { connectRedis, RedisInboxStore } from '#engine-redis';
import { idOf } from '#ids';
import { inboxSize } from '#inbox';
import { systemClock } from '#kernel';
import { ApiClient, ServerProcess, startTestRedis, tempDir, type TestRedis, until } from '#test';

jest.setTimeout(120_000);

const commands = join(import.meta.dirname, '..', '..', 'dist', 'apps', 'cli', 'src');

let redis: TestRedis;
let server: ServerProcess;
const data = tempDir();
const files = tempDir();

beforeAll(async () => {
  redis = await startTestRedis();
  server = await ServerProcess.start('standalone', { REDIS_URL: redis.url, DATA_DIR: data.path });
}, 120_000);

afterAll(async () => {
  await server.stop();
  await redis.stop();
  for (const dir of [data, files]) dir.remove();
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Begins a command as npm would; `kill` ends it in the middle. */
function begin(command: string, args: readonly string[]): { ended: Promise<Ended>; kill: () => void } {
  const script = `import(${JSON.stringify(join(commands, `${command}.js`))})
    .then(({ main }) => main(${JSON.stringify(args)}))
    .then((code) => (process.exitCode = code), (error) => (console.error(error.message), (process.exitCode = 1)));`;
  const env = { PATH: process.env.PATH, PORT: new URL(server.url).port, DATA_DIR: data.path };
  const child = spawn(process.execPath, ['-e', script], { env, cwd: files.path });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, out, err })));
  return { ended, kill: () => child.kill('SIGKILL') };
}

const run = (command: string, ...args: string[]) => begin(command, args).ended;

const tokenOf = async (...args: string[]) => (await run('token', ...args)).out.trim();

async function numbersOf(handle: string): Promise<[posts: number, followers: number, following: number]> {
  const anybody = new ApiClient(server.url, '', undefined);
  const { postCount, followerCount, followingCount } = await anybody.expect('GET', `/v1/users/@${handle}`);
  return [postCount, followerCount, followingCount] as [number, number, number];
}

/** Takes a post out of a reader's inbox. */
async function damage(reader: string, post: string): Promise<void> {
  const client = connectRedis({ urls: [redis.url], name: 'test', onError: () => undefined, patient: true });
  const inboxes = new RedisInboxStore(client, { size: inboxSize(800), idleMs: 60_000 }, systemClock);
  const viewers = Buffer.alloc(8);
  viewers.writeBigUInt64BE(BigInt(reader));
  await inboxes.withdraw({ postId: idOf(post), authorId: idOf(reader) }, viewers);
  client.disconnect();
}

describe('npm run seed', () => {
  const handles = [...Array.from({ length: 40 }, (_, i) => `user_${i + 1}`), 'celebrity_1', 'celebrity_2'];
  const seed = ['--users', '40', '--celebrities', '2', '--followers', '20', '--posts', '300'];
  const totals = async () => {
    const numbers = await Promise.all(handles.map(numbersOf));
    return [0, 1, 2].map((i) => numbers.reduce((sum, one) => sum + one[i]!, 0));
  };

  it('fills a server, can be cut short, and repeated at once: numbers count in all', async () => {
    const cut = begin('seed', seed);
    await until(() =>
      numbersOf('user_1').then(
        () => true,
        () => false,
      ),
    );
    cut.kill();
    await cut.ended;
    const first = await run('seed', ...seed);
    expect(first).toMatchObject({ code: 0 });
    expect(first.err).toMatch(/posts: \d+ in/);
    expect(first.out).toMatch(/celebrity.*curl/s);
    const again = await run('seed', ...seed);
    expect(again).toMatchObject({ code: 0, err: expect.stringContaining('posts: 0 in') as string });
    const [posts, followers, following] = await until(totals, ([count]) => count === 300);
    expect([posts, followers]).toEqual([300, following]);
    expect((await numbersOf('celebrity_1'))[1]).toBe(20);
    expect((await numbersOf('celebrity_2'))[1]).toBe(20);
  });

  it('takes a graph, adds nothing else, and writes tokens that work', async () => {
    const graph = join(files.path, 'graph.tsv.gz');
    writeFileSync(graph, gzipSync('# who follows whom\n4\t70\n4\t801\n70\t4\n70\t4\n70\t70\n'));
    const tokens = join(files.path, 'tokens.json');
    expect(await run('seed', '--graph', graph, '--posts', '9', '--tokens', tokens)).toMatchObject({ code: 0 });
    expect(statSync(tokens).mode & 0o777).toBe(0o600);
    const accounts = JSON.parse(readFileSync(tokens, 'utf8')) as { handle: string; id: string; token: string }[];
    expect(accounts.map(({ handle }) => handle).sort()).toEqual(['u04', 'u70', 'u801']);
    const me = new ApiClient(server.url, '', accounts.find(({ handle }) => handle === 'u04')!.token);
    expect(await me.expect('GET', '/v1/me')).toMatchObject({ handle: 'u04', followingCount: 2 });
    const sums = async () => {
      const numbers = await Promise.all(['u04', 'u70', 'u801'].map(numbersOf));
      return [0, 1, 2].map((i) => numbers.reduce((sum, one) => sum + one[i]!, 0)).join();
    };
    await until(sums, (sum) => sum === '9,3,3'); // counts may be two seconds old
  });

  it('says what is wrong', async () => {
    expect(await run('seed', '--users', 'many')).toMatchObject({
      code: 1,
      err: expect.stringContaining('usage:') as string,
    });
    expect(await run('seed', '--graph', 'nowhere.tsv')).toMatchObject({
      code: 1,
      err: expect.stringContaining('nowhere.tsv') as string,
    });
    const broken = join(files.path, 'broken.tsv');
    writeFileSync(broken, '1\t2\nthree\t4\n');
    const { code, err } = await run('seed', '--graph', broken);
    expect([code, err]).toEqual([1, expect.stringContaining('line 2')]);
  });
});

describe('npm run token', () => {
  it('prints tokens for accounts, and for operators without one', async () => {
    const { id } = await ApiClient.register(server.url, 'token_owner');
    const owner = new ApiClient(server.url, id, await tokenOf('--handle', 'TOKEN_owner'));
    expect(await owner.expect('GET', '/v1/me')).toMatchObject({ id });
    expect((await owner.request('GET', '/v1/ops/fanout')).json.code).toBe('missing_scope');
    const operator = new ApiClient(server.url, '', await tokenOf('--handle', 'nobody_yet', '--ops'));
    expect((await operator.request('GET', '/v1/ops/fanout')).status).toBe(200);
    expect(await run('token', '--handle', 'nobody_yet')).toMatchObject({ code: 1, out: '' });
    expect(await run('token')).toMatchObject({ code: 1, err: expect.stringContaining('usage:') as string });
  });
});

describe('npm run feed', () => {
  it('audits, rebuilds and cleans up', async () => {
    const [reader, author] = await Promise.all(
      ['audited', 'author'].map((name) => ApiClient.register(server.url, name)),
    );
    await reader!.expect('PUT', `/v1/users/${author!.id}/follow`);
    const { id } = await author!.post('hello');
    await until(
      () => reader!.feed(),
      (page) => page.state === 'complete' && page.items.length === 1,
    );
    const audit = () => run('feed', 'audit', '@audited');
    expect(await audit()).toMatchObject({ code: 0, out: expect.stringContaining('inbox warm, 1 entries') as string });
    await redis.flush();
    expect(await audit()).toMatchObject({ code: 0, out: expect.stringContaining('inbox cold') as string });
    const rebuilt = await run('feed', 'rebuild', `@audited`);
    expect(rebuilt).toMatchObject({ code: 0, out: expect.stringContaining('inbox warm, 1 entries') as string });
    expect(rebuilt.out).toContain('missing: none');
    await damage(reader!.id, id);
    const damaged = await audit();
    expect([damaged.code, damaged.out]).toEqual([1, expect.stringContaining(`missing: ${id}`)]);
    expect((await run('feed', 'rebuild', '@audited')).out).toContain('missing: none');
    expect(await run('feed', 'vacuum')).toMatchObject({
      code: 0,
      out: expect.stringContaining('outbox rows') as string,
    });
    expect(await run('feed', 'audit', '@nobody_there')).toMatchObject({ code: 1 });
    expect(await run('feed', 'audit')).toMatchObject({ code: 1, err: expect.stringContaining('usage:') as string });
  });
});
