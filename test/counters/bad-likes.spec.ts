import { Tokens } from '#auth';
import { systemClock } from '#kernel';
import {
  type ApiAnswer,
  ApiClient,
  type ApiPost,
  ServerProcess,
  startTestRedis,
  tempDir,
  type TestRedis,
  until,
} from '#test';

const SECRET = 'a secret for the test, long enough';
const UNKNOWN = '221184398712832000';

describe('likes that are none', () => {
  const dir = tempDir();
  let redis: TestRedis;
  let server: ServerProcess;
  let [author, fan]: ApiClient[] = [];

  beforeAll(async () => {
    redis = await startTestRedis();
    const env = { REDIS_URL: redis.url, DATA_DIR: dir.path, AUTH_SECRET: SECRET, RATE_LIMITS: 'on' };
    server = await ServerProcess.start('standalone', env);
    author = await ApiClient.register(server.url, 'author');
    fan = await ApiClient.register(server.url, 'fan');
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    await redis.stop();
    dir.remove();
  });

  const like = (who: ApiClient, id: string, method = 'PUT') => who.request(method, `/v1/posts/${id}/like`);
  const outcome = ({ status, json }: ApiAnswer) => [status, (json as { code?: string }).code];
  const expectLikes = (id: string, count: number) =>
    until(
      () => author!.expect('GET', `/v1/posts/${id}`) as Promise<ApiPost>,
      ({ likeCount }) => likeCount === count,
    );

  it('are never what one’s own likes look like at the next read', async () => {
    const { id } = await author!.post('liked and not liked');
    const told: unknown[] = [];
    for (const method of ['PUT', 'DELETE', 'PUT', 'DELETE']) {
      await fan!.expect('GET', `/v1/posts/${id}`); // keeps what it was
      await like(fan!, id, method);
      const { likedByMe, likeCount } = (await fan!.expect('GET', `/v1/posts/${id}`)) as ApiPost & {
        likedByMe: boolean;
      };
      told.push([likedByMe, likeCount]);
    }
    expect(told.map(String)).toEqual(['true,1', 'false,0', 'true,1', 'false,0']);
  });

  it('are refused where there is no such post, and leave nothing behind', async () => {
    expect(outcome(await like(fan!, UNKNOWN))).toEqual([404, 'not_found']);
    expect(outcome(await like(fan!, UNKNOWN, 'DELETE'))).toEqual([404, 'not_found']);
    const { token } = await new Tokens({ secret: SECRET, ttlMs: 60_000, clock: systemClock }).issue({ ops: true });
    const operator = new ApiClient(server.url, '', token);
    expect(await operator.expect('GET', `/v1/ops/counters/posts/${UNKNOWN}`)).toMatchObject({
      items: [{ total: 0 }, {}, {}],
    });
    expect(outcome(await like(operator, UNKNOWN))).toEqual([401, 'unauthorized']);
  });

  it.each(['0', '-1', '1e5', 'x', '9223372036854775808', '1'.repeat(60)])('are refused for the id %s', async (id) =>
    expect(outcome(await like(fan!, id))).toEqual([400, 'validation_failed']),
  );

  it('are refused once a post is deleted, also those of its reposts', async () => {
    const { id } = await author!.post('Soon gone.');
    const repost = (await fan!.expect('POST', '/v1/posts', { repostOf: id })) as ApiPost;
    expect(outcome(await like(fan!, repost.id))).toEqual([200, undefined]);
    await expectLikes(id, 1);
    await author!.expect('DELETE', `/v1/posts/${id}`);
    for (const post of [id, repost.id])
      for (const method of ['PUT', 'DELETE'])
        expect(outcome(await like(fan!, post, method))).toEqual([404, 'not_found']);
  });

  it('are refused between people of whom one has blocked the other, and those from before can be taken back', async () => {
    const { id } = await author!.post('Not for everybody.');
    const foe = await ApiClient.register(server.url, 'foe');
    await like(foe, id);
    await author!.expect('PUT', `/v1/users/${foe.id}/block`);
    expect(outcome(await like(foe, id))).toEqual([403, 'blocked']);
    expect((await like(foe, id, 'DELETE')).json).toEqual({ liked: false, likeCount: 0 });
    await author!.expect('DELETE', `/v1/users/${foe.id}/block`);
    await foe.expect('PUT', `/v1/users/${author!.id}/block`);
    expect(outcome(await like(foe, id))).toEqual([403, 'blocked']);
    await expectLikes(id, 0);
  });

  it('are limited where they come in floods from one account, and count once', async () => {
    const { id } = await author!.post('Flooded.');
    const flooder = await ApiClient.register(server.url, 'flooder');
    const answers = await Promise.all(Array.from({ length: 150 }, () => like(flooder, id)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(100);
    expect(refused).toHaveLength(50);
    for (const { headers } of refused) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await like(fan!, id)).json).toEqual({ liked: true, likeCount: 2 });
  });
});
