import { main as counters } from '../../apps/cli/src/counters.ts';
import { LmdbCountedSetStore, LmdbEnvironment } from '#engine-lmdb';
import { ApiClient, ServerProcess, startTestRedis, tempDir, type TestRedis, until } from '#test';

const SECRET = 'a secret for the test, long enough';
const WRONG = 221_184_398_712_832_000n;

describe('npm run counters', () => {
  const dir = tempDir();
  const before = { ...process.env };
  let redis: TestRedis;
  let server: ServerProcess;
  const start = (app: string) =>
    ServerProcess.start(app, { REDIS_URL: redis.url, DATA_DIR: dir.path, AUTH_SECRET: SECRET });

  beforeAll(async () => {
    await countWrongly(dir.path, WRONG);
    redis = await startTestRedis();
    server = await start('post-service'); // in which no walk finds things first
  }, 60_000);
  afterAll(async () => {
    process.env = before;
    await server.stop();
    await redis.stop();
    dir.remove();
  });

  async function run(...args: string[]): Promise<{ code: number; lines: string[] }> {
    Object.assign(process.env, { BASE_URL: server.url, AUTH_SECRET: SECRET });
    const lines: string[] = [];
    const log = jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
    try {
      return { code: await counters(args), lines };
    } finally {
      log.mockRestore();
    }
  }

  it('shows shards, lets them grow, and finds nothing wrong where nothing is', async () => {
    const author = await ApiClient.register(server.url, 'author');
    const { id } = await author.post('Like this.');
    await author.expect('PUT', `/v1/posts/${id}/like`);
    expect(await run('show', 'post', id)).toEqual({
      code: 0,
      lines: [`likes of ${id}: 1 in 1 shard`, `replies of ${id}: 0 in 1 shard`, `reposts of ${id}: 0 in 1 shard`],
    });
    expect((await run('grow', 'post', id)).lines[0]).toBe(`likes of ${id}: 1 in 5 shards (1 + 4)`);
    const fan = await ApiClient.register(server.url, 'fan');
    await fan.expect('PUT', `/v1/posts/${id}/like`);
    await fan.expect('PUT', '/v1/users/@author/follow');
    expect(await run('check', 'post', id)).toMatchObject({
      code: 0,
      lines: [`likes of ${id}: 2 members in 5 shards (1 + 4): drift 0`, {}, {}, '3 sets checked, drift 0'],
    });
    const followers = `followers of ${author.id}: 1 members in 1 shard: drift 0`;
    expect((await run('check', 'user', '@author')).lines).toContain(followers);
    const hot = await run('check', 'all-hot');
    expect(hot.code).toBe(0);
    expect(hot.lines).toContain(followers);
  });

  it('says how wrong a count was, fails, and has repaired it', async () => {
    const wrong = await run('check', 'post', String(WRONG));
    expect(wrong.code).toBe(1);
    expect(wrong.lines[0]).toBe(`likes of ${WRONG}: 1 members in 1 shard: drift 6`);
    expect(wrong.lines.at(-1)).toBe('3 sets checked, drift 6: repaired');
    expect((await run('check', 'post', String(WRONG))).code).toBe(0);
    const metrics = await metricsOf(server);
    expect(metrics).toContain('counted_drift_total{kind="likes"} 6');
    expect(metrics).toContain('counted_drift_total{kind="followers"} 0');
  });

  it.each([[], ['check', 'post'], ['check', 'post', 'x'], ['grow', 'user', '@author'], ['drop', 'post', '1']])(
    'explains itself to who asks for %j %j %j',
    async (...args) => expect(run(...args)).rejects.toThrow('usage: npm run counters'),
  );

  it('is for operators', async () => {
    const { status } = await new ApiClient(server.url, '', undefined).request('GET', '/v1/ops/counters');
    expect(status).toBe(401);
    const anybody = await ApiClient.register(server.url, 'anybody');
    expect((await anybody.request('POST', '/v1/ops/counters/check')).status).toBe(403);
  });

  it('is hardly needed: the workers walk over all sets, and repair', async () => {
    await server.stop();
    await countWrongly(dir.path, WRONG + 1n);
    server = await start('standalone');
    await until(
      () => metricsOf(server),
      (metrics) => metrics.includes('counted_drift_total{kind="likes"} 6'),
      { deadlineMs: 30_000 },
    );
    expect((await run('check', 'post', String(WRONG + 1n))).code).toBe(0);
  }, 90_000);
});

async function metricsOf({ url }: ServerProcess): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}

/** As a defect would: one member, and a total of seven. */
async function countWrongly(path: string, post: bigint): Promise<void> {
  const env = LmdbEnvironment.open(path);
  const shard = { kind: 'likes', id: post, generation: 0, shard: 0 } as const;
  const commit = { total: 7, sealed: false, commitId: 1n, changes: [{ member: 1n, since: 1n }] };
  await new LmdbCountedSetStore(env).commit(shard, 0, commit);
  await env.close();
}
