// A Redis is dead or stands still; needs what `npm run build` makes.
import { connectRedis } from '#engine-redis';
import { ApiClient, ServerProcess, startTestRedis, tempDir, type TestRedis, until } from '#test';

jest.setTimeout(120_000);

let queue: TestRedis;
let inboxes: TestRedis;
let server: ServerProcess;
const data = tempDir();

beforeAll(async () => {
  [queue, inboxes] = await Promise.all([startTestRedis(), startTestRedis()]);
  server = await ServerProcess.start('standalone', {
    REDIS_URL: queue.url,
    INBOX_REDIS_URL: inboxes.url,
    CACHE_REDIS_URL: inboxes.url,
    DATA_DIR: data.path,
  });
}, 60_000);

afterAll(async () => {
  await server.stop();
  await Promise.all([queue.stop(), inboxes.stop()]);
  data.remove();
});

let names = 0;
const register = () => ApiClient.register(server.url, `r${Date.now().toString(36)}_${names++}`);
const follow = (viewer: ApiClient, author: ApiClient) => viewer.expect('PUT', `/v1/users/${author.id}/follow`);
const unfollow = (viewer: ApiClient, author: ApiClient) => viewer.expect('DELETE', `/v1/users/${author.id}/follow`);

const textsOf = async (viewer: ApiClient) => (await viewer.feed()).items.map((post) => post.text);

/** A reader with a warm inbox, and an author they follow. */
async function readerAndAuthor(): Promise<[reader: ApiClient, author: ApiClient]> {
  const [reader, author] = await Promise.all([register(), register()]);
  await follow(reader, author);
  await author.post('before');
  await until(
    () => reader.feed(),
    (page) => page.state === 'complete' && page.items.length === 1,
  );
  return [reader, author];
}

/** How many calls of the inboxes there were, by outcome, in this process so far; and how the breaker stands. */
async function inboxCalls(): Promise<Record<'answered' | 'failed' | 'refused' | 'breaker', number>> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const value = (name: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.split(' ')[1],
    );
  const calls = (outcome: string) => value(`redis_calls_total{use="inboxes",outcome="${outcome}"}`);
  const breaker = value('redis_breaker_state{use="inboxes"}');
  return { answered: calls('answered'), failed: calls('failed'), refused: calls('refused'), breaker };
}

/** All of it is there, from inboxes again. */
const arrives = (viewer: ApiClient, ...texts: string[]) =>
  until(
    () => viewer.feed(),
    ({ state, items }) => state === 'complete' && items.map((post) => post.text).join() === texts.join(),
    { deadlineMs: 30_000, everyMs: 50 },
  );

describe('without the inboxes', () => {
  it('takes posts, serves feeds from the truth, and goes on by itself', async () => {
    const [reader, author] = await readerAndAuthor();
    await inboxes.server.kill();
    await author.post('during');
    expect(await reader.feed()).toMatchObject({ state: 'degraded', items: [{ text: 'during' }, { text: 'before' }] });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    await inboxes.server.restart();
    await arrives(reader, 'during', 'before');
    await author.post('after');
    await arrives(reader, 'after', 'during', 'before');
  });

  it('delivers to inboxes that come back as they were', async () => {
    const [reader, author] = await readerAndAuthor();
    inboxes.server.pause();
    await author.post('during');
    expect(await textsOf(reader)).toEqual(['during', 'before']);
    inboxes.server.resume();
    await arrives(reader, 'during', 'before');
  });

  it('does not let everybody wait for inboxes that are silent', async () => {
    const [reader, author] = await readerAndAuthor();
    const before = await inboxCalls();
    expect(before).toMatchObject({ failed: expect.any(Number) as number, breaker: 0 });
    inboxes.server.pause();
    const READS = 60;
    await Promise.all([1, 2, 3, 4].map(() => reader.feed()));
    for (let i = 0; i < READS; i++)
      expect(await reader.feed()).toMatchObject({ state: 'degraded', items: [{ text: 'before' }] });
    const { id } = await author.post('during');
    await reader.expect('PUT', `/v1/posts/${id}/like`);
    expect(await textsOf(reader)).toEqual(['during', 'before']);
    const frozen = await inboxCalls();
    expect(frozen.answered).toBe(before.answered);
    expect(frozen.failed - before.failed).toBeLessThanOrEqual(6); // the first ones, and the calls under way with them
    expect(frozen.refused - before.refused).toBeGreaterThanOrEqual(READS);
    expect(frozen.breaker).toBeGreaterThan(0);
    inboxes.server.resume();
    await arrives(reader, 'during', 'before');
    expect((await inboxCalls()).breaker).toBe(0);
  });

  it('changes relations at the next read, also on inboxes that come back as they were', async () => {
    const [reader, author] = await readerAndAuthor();
    const [other] = await Promise.all([register()]);
    await other.post('of another');
    inboxes.server.pause();
    await Promise.all([unfollow(reader, author), follow(reader, other)]);
    expect(await textsOf(reader)).toEqual(['of another']);
    inboxes.server.resume();
    await arrives(reader, 'of another');
    await follow(reader, author);
    expect(await textsOf(reader)).toEqual(['of another', 'before']);
  });
});

describe('with an inbox that is none', () => {
  it('builds it anew, and delivers to the others meanwhile', async () => {
    const [reader, author] = await readerAndAuthor();
    const other = await register();
    await follow(other, author);
    await arrives(other, 'before');
    const redis = connectRedis({ urls: [inboxes.url], name: 'test', onError: () => undefined, patient: true });
    const key = Buffer.concat([
      Buffer.from('in:'),
      Buffer.from(BigInt(reader.id).toString(16).padStart(16, '0'), 'hex'),
    ]);
    expect(await redis.del(key)).toBe(1);
    await redis.lpush(key, 'what does this do here');
    redis.disconnect();
    await author.post('after');
    await arrives(other, 'after', 'before');
    await arrives(reader, 'after', 'before');
    expect(await (await fetch(`${server.url}/metrics`)).text()).toMatch(/^inboxes_dropped_total 1$/m);
  });
});

describe('without the queue', () => {
  it('takes posts, likes, follows and deletions, and delivers when it is back', async () => {
    const [reader, author] = await readerAndAuthor();
    await queue.server.kill();
    const { id } = await author.post('gone again');
    await author.post('during');
    await author.expect('DELETE', `/v1/posts/${id}`);
    const liked = await reader.expect('PUT', `/v1/posts/${(await author.allPosts())[0]}/like`);
    expect(liked).toEqual({ liked: true, likeCount: 1 });
    expect((await reader.feed()).items.map((post) => post.text)).toContain('before');
    await queue.server.restart();
    await arrives(reader, 'during', 'before');
    await until(
      async () => (await author.expect('GET', '/v1/me')).postCount as number,
      (count) => count === 2,
    );
  });

  it('delivers when it comes back as it was', async () => {
    const [reader, author] = await readerAndAuthor();
    queue.server.pause();
    await author.post('during');
    queue.server.resume();
    await arrives(reader, 'during', 'before');
  });

  it('tells streams to start over, or what they missed', async () => {
    const [reader, author] = await readerAndAuthor();
    const stream = await reader.openStream();
    await queue.server.kill();
    await queue.server.restart();
    await until(() => stream.events.some((event) => event.kind === 'reset'));
    const { id } = await author.post('after');
    await until(() => stream.posts.includes(id));
    queue.server.pause();
    const during = await author.post('during');
    queue.server.resume();
    await until(() => stream.posts.includes(during.id));
    stream.close();
  });
});
