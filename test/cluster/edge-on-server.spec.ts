// The edge before a real server; needs what `npm run build` makes.
import { once } from 'node:events';
import { type IncomingMessage, request as sendRequest } from 'node:http';
import { ApiClient, ServerProcess, startTestRedis, tempDir, type TestRedis, until } from '#test';
import { describeWith } from '../local-stack/describe-with.ts';
import { startEdge, type TestEdge } from './start-edge.ts';

let redis: TestRedis;
let server: ServerProcess;
let edge: TestEdge;
const data = tempDir();

const anybody = (path: string, headers: Record<string, string> = {}) => fetch(edge.url + path, { headers });

const secondsSince = (startedAtMs: number): number => Math.ceil((performance.now() - startedAtMs) / 1000);

/** Asks seldom enough for the server's limits. */
const seldom = { deadlineMs: 15_000, everyMs: 200 };

jest.setTimeout(30_000);

describeWith(['nginx', 'redis-server'], 'a server behind the edge', () => {
  beforeAll(async () => {
    redis = await startTestRedis();
    const env = { REDIS_URL: redis.url, DATA_DIR: data.path, TRUST_PROXY: 'loopback', RATE_LIMITS: 'on' };
    server = await ServerProcess.start('standalone', env);
    const services = [new URL(server.url).host];
    edge = await startEdge({ posts: services, timelines: services, workers: services });
  }, 60_000);

  afterAll(async () => {
    await edge.stop();
    await server.stop();
    await redis.stop();
    data.remove();
  });

  /** How many requests of a route the server has answered. */
  async function answered(route: string): Promise<number> {
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    const counts = metrics.matchAll(/^http_request_duration_seconds_count\{(.*)\} (\d+)$/gm);
    return [...counts].reduce(
      (sum, [, labels, count]) => sum + (labels!.includes(`"${route}"`) ? Number(count) : 0),
      0,
    );
  }

  it('shows a crowd a post, its author and its replies, and hardly asks', async () => {
    const ann = await ApiClient.register(edge.url, 'ann');
    const post = await ann.post('look');
    const path = `/v1/posts/${post.id}`;
    const before = await answered('/v1/posts/:id');
    const startedAtMs = performance.now();
    let reads = 0;
    while (performance.now() < startedAtMs + 1500) {
      const answers = await Promise.all(Array.from({ length: 20 }, () => anybody(path)));
      for (const answer of answers)
        expect([answer.status, ((await answer.json()) as { id: string }).id]).toEqual([200, post.id]);
      reads += answers.length;
    }
    expect(reads).toBeGreaterThan(100);
    expect((await answered('/v1/posts/:id')) - before).toBeLessThanOrEqual(secondsSince(startedAtMs) + 2); // a request a second
    for (const one of [`${path}/replies`, '/v1/users/@ann', '/v1/users/@ann/posts']) {
      expect((await anybody(one)).headers.get('x-cache')).toBe('MISS');
      expect((await anybody(one)).headers.get('x-cache')).toBe('HIT');
    }
  });

  it('gives everybody with a token an answer of their own', async () => {
    const [bob, eve] = [await ApiClient.register(edge.url, 'bob'), await ApiClient.register(edge.url, 'eve')];
    const { id } = await bob.post('mine');
    await bob.expect('PUT', `/v1/posts/${id}/like`);
    const read = async (who: ApiClient) => (await who.request('GET', `/v1/posts/${id}`)).json as { likedByMe: boolean };
    expect([await read(bob), await read(eve), await read(bob)]).toMatchObject(
      [true, false, true].map((likedByMe) => ({ likedByMe })),
    );
    expect(((await (await anybody(`/v1/posts/${id}`)).json()) as { likedByMe: unknown }).likedByMe).toBeNull();
    expect((await anybody(`/v1/posts/${id}`, { authorization: 'Bearer nonsense' })).status).toBe(401);
    expect((await bob.feed()).items.map((post) => post.id)).toEqual([id]);
  });

  it('soon says that a post is gone', async () => {
    const kim = await ApiClient.register(edge.url, 'kim');
    const { id } = await kim.post('soon gone');
    expect((await anybody(`/v1/posts/${id}`)).status).toBe(200);
    await kim.expect('DELETE', `/v1/posts/${id}`);
    expect((await kim.request('GET', `/v1/posts/${id}`)).status).toBe(404); // at once, for who asks with a token
    await until(
      async () => (await anybody(`/v1/posts/${id}`)).status,
      (status) => status === 404,
      seldom,
    );
  });

  it('streams', async () => {
    const [sam, pat] = [await ApiClient.register(edge.url, 'sam'), await ApiClient.register(edge.url, 'pat')];
    await sam.expect('PUT', '/v1/users/@pat/follow');
    const reader = await sam.stream();
    let seen = (await reader.read()).value ?? '';
    const { id } = await pat.post('live');
    while (!seen.includes(`"id":"${id}"`)) seen += (await reader.read()).value ?? '';
    await reader.cancel();
  });

  it('limits clients by their own address, whatever they say', async () => {
    const statusOf = async (localAddress: string, i: number): Promise<number | undefined> => {
      const headers = { 'x-forwarded-for': `9.9.9.${i}` };
      const outgoing = sendRequest(`${edge.url}/v1/posts/${i + 1}`, { localAddress, headers }).end();
      const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
      answer.resume();
      return answer.statusCode;
    };
    const statuses = [];
    for (let i = 0; i < 310; i++) statuses.push(await statusOf('127.0.0.5', i));
    expect(statuses).toContain(429);
    expect(await statusOf('127.0.0.6', 500)).toBe(404);
  });

  it('goes on serving what it knows when the server is gone, and says of the rest that it cannot', async () => {
    const max = await ApiClient.register(edge.url, 'max');
    const { id } = await max.post('remember me');
    await anybody(`/v1/posts/${id}`);
    await server.kill();
    await until(
      () => anybody(`/v1/posts/${id}`),
      ({ headers }) => headers.get('x-cache') === 'STALE',
      seldom,
    );
    expect((await max.request('GET', '/v1/feed')).json).toMatchObject({ status: 503, code: 'unavailable' });
    await server.restart();
    await until(
      async () => (await max.request('GET', '/v1/feed')).status,
      (status) => status === 200,
    );
  });
});
