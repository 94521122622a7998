// What is warm before anybody reads it; needs what `npm run build` makes.
import { Tokens } from '#auth';
import { systemClock } from '#kernel';
import { ApiClient, ServerProcess, startTestRedis, tempDir, type TestRedis, until } from '#test';

const SECRET = 'a secret for the test, long enough';
const SLOW = { deadlineMs: 60_000, everyMs: 100 };

interface HotKey {
  readonly kind: string;
  readonly key: string;
  readonly mitigations: readonly string[];
}

jest.setTimeout(120_000);

describe('a server that is told, or knows, what comes', () => {
  const dir = tempDir();
  let redis: TestRedis;
  let server: ServerProcess;
  let operator: ApiClient;
  beforeAll(async () => {
    redis = await startTestRedis();
    server = await ServerProcess.start('standalone', {
      REDIS_URL: redis.url,
      DATA_DIR: dir.path,
      AUTH_SECRET: SECRET,
      PROMOTE_FOLLOWERS: '2',
      DEMOTE_FOLLOWERS: '1',
    });
    const { token } = await new Tokens({ secret: SECRET, ttlMs: 600_000, clock: systemClock }).issue({ ops: true });
    operator = new ApiClient(server.url, '', token);
  });
  afterAll(async () => {
    await server.kill();
    await redis.stop();
    dir.remove();
  });

  /** The kinds of things that are warm under this id without having been read. */
  async function warm(id: string): Promise<string[]> {
    const { hotKeys } = (await operator.expect('GET', '/v1/ops/hot-keys')) as unknown as { hotKeys: HotKey[] };
    const own = hotKeys.filter(({ key, mitigations }) => key === id && mitigations.includes('prewarmed'));
    return own.map(({ kind }) => kind).sort();
  }

  it('warms what it was told to at its time, also when it was killed meanwhile', async () => {
    const author = await ApiClient.register(server.url, 'author');
    const { id } = await author.post('about to be hot');
    await operator.expect('POST', '/v1/ops/prewarm', { posts: [id], inSeconds: 1 });
    await server.restart();
    await until(
      () => warm(id),
      (kinds) => kinds.join() === 'counts,post,views',
      SLOW,
    );
  });

  it("warms a celebrity's new post before it is announced, and nobody else's", async () => {
    const [star, nobody] = [
      await ApiClient.register(server.url, 'star'),
      await ApiClient.register(server.url, 'nobody'),
    ];
    for (const name of ['one', 'two', 'three'])
      await (await ApiClient.register(server.url, name)).expect('PUT', `/v1/users/${star.id}/follow`);
    const posts = await until(
      async () => {
        const { id } = await star.post('hello everybody');
        return {
          id,
          kinds: await warm(id),
        };
      },
      ({ kinds }) => kinds.length > 0,
      SLOW,
    );
    await until(
      () => warm(posts.id),
      (kinds) => kinds.join() === 'counts,post,views',
      SLOW,
    );
    expect(await warm(star.id)).toEqual(['head', 'user']);
    const other = await nobody.post('hello anybody');
    expect(await warm(other.id)).toEqual([]);
  });
});
