import type { UserId } from '#ids';
import { openProbeApp, type ProbeApp } from './support/probe-app.ts';
import { problemIn } from './support/problem.ts';

describe('rate limits', () => {
  let probe: ProbeApp;
  beforeAll(async () => {
    const http = { host: '127.0.0.1', port: 0, trustedProxies: ['127.0.0.1'], rateLimits: true };
    probe = await openProbeApp({ http });
  });
  afterAll(() => probe.app.close());

  function enter(forwardedFor: string) {
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': forwardedFor };
    return probe.app.inject({ method: 'POST', url: '/v1/entry', headers, payload: '{"text":"x"}' });
  }

  it('counts by address behind a trusted proxy, a customer of IPv6 as one', async () => {
    const statuses = async (address: (i: number) => string): Promise<Set<number>> =>
      new Set((await Promise.all(Array.from({ length: 30 }, (_, i) => enter(address(i))))).map((a) => a.statusCode));
    expect(await statuses(() => '203.0.113.7')).toEqual(new Set([201, 429]));
    expect(await statuses((i) => `203.0.114.${i}`)).toEqual(new Set([201]));
    expect(await statuses((i) => `2001:db8:1:2::${i}`)).toEqual(new Set([201, 429]));
    const refused = await enter('203.0.113.7');
    expect(problemIn(refused)).toEqual(['rate_limited']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('counts by user where there is one, each class apart, and says 401 before 429', async () => {
    const asks = (method: 'GET' | 'PUT', url: string, authorization: string, times: number) =>
      Promise.all(Array.from({ length: times }, () => probe.app.inject({ method, url, headers: { authorization } })));
    const other = `Bearer ${(await probe.tokens.issue({ userId: 77n as UserId })).token}`;
    const likes = await asks('PUT', '/v1/posts/7/like', probe.authorization, 150);
    expect(new Set(likes.map((a) => a.statusCode))).toEqual(new Set([200, 429]));
    expect((await asks('GET', '/v1/me', probe.authorization, 1))[0]?.statusCode).toBe(200);
    expect((await asks('PUT', '/v1/posts/7/like', other, 1))[0]?.statusCode).toBe(200);
    expect((await asks('PUT', '/v1/posts/7/like', 'Bearer x', 1))[0]?.statusCode).toBe(401);
  });

  it('leaves health and metrics alone', async () => {
    const all = await Promise.all(Array.from({ length: 400 }, () => probe.app.inject('/healthz')));
    expect(new Set(all.map((a) => a.statusCode))).toEqual(new Set([200]));
  });
});
