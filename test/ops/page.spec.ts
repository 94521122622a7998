// The operators' page as a person uses it: a real browser, a real server, a real crowd.
// OPS_PICTURE=FILE.png npx jest test/ops/page keeps a picture of it, the one that README.md shows.
import type { Browser } from 'playwright-core';
import { Tokens } from '#auth';
import { systemClock } from '#kernel';
import { ApiClient, type ApiPost, ServerProcess, startTestRedis, tempDir, type TestRedis, until } from '#test';
import { describeWith } from '../local-stack/describe-with.ts';
import { Crowd } from './crowd.ts';
import { OpsPage, openBrowser } from './ops-page.ts';
import { ViralEvening } from './viral-evening.ts';

const SECRET = 'a secret for the test, long enough';
const HOSTILE = '<img src=x onerror="document.title=1">';
const PICTURE = { deadlineMs: 120_000, everyMs: 500 };
const PATIENCE = { deadlineMs: 30_000, everyMs: 100 };

describeWith(['chromium'], "the operators' page", () => {
  const dir = tempDir();
  const tokens = new Tokens({ secret: SECRET, ttlMs: 600_000, clock: systemClock });
  let redis: TestRedis;
  let server: ServerProcess;
  let browser: Browser;
  let opsToken: string;

  beforeAll(async () => {
    redis = await startTestRedis(['--maxmemory-policy', 'noeviction']);
    const env = { REDIS_URL: redis.url, DATA_DIR: dir.path, AUTH_SECRET: SECRET };
    [server, browser] = await Promise.all([ServerProcess.start('standalone', env), openBrowser()]);
    opsToken = (await tokens.issue({ ops: true })).token;
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.kill();
    await redis.stop();
    dir.remove();
  });

  async function viralPost(): Promise<{ author: ApiClient; post: ApiPost }> {
    const author = await ApiClient.register(server.url, 'surfer');
    await author.expect('PATCH', '/v1/me', { displayName: HOSTILE });
    return { author, post: await author.post(`The wave is here ${HOSTILE}`) };
  }

  it('lets nobody in without the scope', async () => {
    const ops = await OpsPage.open(browser, server.url);
    const refusal = ops.page.getByRole('alert');
    const somebody = await tokens.issue({ userId: 5n as never });
    for (const [token, reason] of [
      ['no token at all', 'this is no token'],
      [`${opsToken}x`, 'valid token'],
      [somebody.token, 'scope'],
    ] as const) {
      await ops.enter(token);
      await refusal.filter({ hasText: reason }).waitFor();
      expect(await ops.page.getByRole('main').isVisible()).toBe(false);
      expect(await ops.page.evaluate<number>('sessionStorage.length')).toBe(0);
    }
    await ops.page.goto(`${server.url}/ops/queues/`);
    expect(ops.page.url()).toBe(`${server.url}/ops`);
    await ops.close();
  }, 60_000);

  it('shows a viral post, who bears it, and whatever people are called as text', async () => {
    const ops = await OpsPage.open(browser, server.url);
    await ops.enter(opsToken);
    await ops.page.getByRole('status').filter({ hasText: 'live' }).waitFor();
    await ops.page.getByText('Nothing is hot.').waitFor();

    const { author, post } = await viralPost();
    await until(
      async () => {
        await author.expect('GET', `/v1/posts/${post.id}`);
        return ops.rows('busiest');
      },
      (all) => all.some(([kind, key]) => kind === 'post' && key?.includes(post.id)),
      PATIENCE,
    );
    const crowd = new Crowd(server.url, `/v1/posts/${post.id}`);
    const rows = await until(
      () => ops.rows('hotKeys'),
      (all) => all.some(([kind, key]) => kind === 'post' && key?.includes(post.id)),
      PATIENCE,
    );
    const [, key, perSecond, share, , , mitigation] = rows.find(([kind]) => kind === 'post')!;
    expect(key).toContain(`@surfer · “The wave is here ${HOSTILE}”`);
    expect(Number(perSecond?.replaceAll(/[,K]/g, ''))).toBeGreaterThan(0);
    expect(share).toMatch(/%$/);
    expect(mitigation).toContain('hot-room');

    const likers = await Promise.all(['one', 'two', 'three'].map((n) => ApiClient.register(server.url, `liker_${n}`)));
    await Promise.all(likers.map((liker) => liker.expect('PUT', `/v1/posts/${post.id}/like`)));
    const likes = await until(
      () => ops.rows('sets'),
      (all) => all.some(([kind]) => kind === 'likes'),
      PATIENCE,
    );
    const [, liked, total] = likes.find(([kind]) => kind === 'likes')!;
    expect([liked, total]).toEqual([expect.stringContaining(post.id), '3']);
    await new ApiClient(server.url, '', opsToken).expect('POST', `/v1/ops/counters/posts/${post.id}/grow`);
    const late = await ApiClient.register(server.url, 'liker_late');
    await late.expect('PUT', `/v1/posts/${post.id}/like`);
    const shards = await until(
      () => ops.rows('skew'),
      (all) => all.some(([of]) => of?.startsWith(`counter likes ${post.id}`)),
      PATIENCE,
    );
    expect(shards.find(([of]) => of?.startsWith('counter'))).toEqual(expect.arrayContaining(['even']));
    await until(
      () => ops.rows('lanes'),
      (all) => all.some(([lane]) => lane === 'small'),
      PATIENCE,
    );
    expect((await ops.rows('queues')).length).toBe(8);
    await author.post('Another one, which everybody gets');

    crowd.leave();
    expect(await ops.page.title()).toBe('Groundswell · operations');
    expect(await ops.page.locator('main img, main script').count()).toBe(0);
    expect(ops.troubles).toEqual([]);
    await ops.close();
  }, 90_000);

  it('opens the queue board, to look at only, without a token in any address', async () => {
    const ops = await OpsPage.open(browser, server.url, 'dark');
    const addresses: string[] = [];
    ops.page.on('request', (request) => addresses.push(request.url()));
    await ops.enter(opsToken);
    await ops.page.getByRole('link', { name: 'Queue board' }).click();
    await ops.page.waitForURL('**/ops/queues/**');
    await ops.page.getByText('fanout-small-0').first().waitFor();
    expect(addresses.filter((address) => address.includes(opsToken))).toEqual([]);
    expect(addresses.filter((address) => !address.startsWith(server.url))).toEqual([]);
    const pause = await ops.page.evaluate<number>(
      `fetch('/ops/queues/api/queues/fanout-small-0/pause', { method: 'PUT' }).then(({ status }) => status)`,
    );
    expect(pause).toBe(405);
    const cookies = await ops.page.context().cookies();
    expect(cookies).toMatchObject([{ httpOnly: true, sameSite: 'Strict', path: '/ops/queues' }]);
    await ops.close();
  }, 60_000);

  it('says so when the server goes, and goes on when it is back', async () => {
    const ops = await OpsPage.open(browser, server.url);
    await ops.enter(opsToken);
    const status = ops.page.locator('#status');
    await status.filter({ hasText: 'live' }).waitFor();
    await server.kill();
    await status.filter({ hasText: 'does not answer' }).waitFor();
    await server.restart();
    await status.filter({ hasText: 'live' }).waitFor();
    await ops.close();
  }, 90_000);

  const picture = process.env.OPS_PICTURE;
  if (picture !== undefined) {
    it('is worth a picture', async () => {
      const evening = await ViralEvening.begin(server.url, tokens);
      const ops = await OpsPage.open(browser, server.url);
      await ops.enter(opsToken);
      await until(
        () => ops.turns(),
        (turns) => turns > 25,
        PICTURE,
      );
      const crowd = new Crowd(server.url, `/v1/posts/${evening.post.id}`, 8);
      await until(
        () => ops.turns(),
        (turns) => turns > 60,
        PICTURE,
      );
      await ops.page.screenshot({ path: picture, clip: { x: 0, y: 0, width: 1280, height: 1160 }, fullPage: true });
      crowd.leave();
      await evening.end();
    }, 240_000);
  }
});
