import { openProbeApp, type ProbeApp } from './support/probe-app.ts';

describe('headers of answers', () => {
  let probe: ProbeApp;
  beforeAll(async () => (probe = await openProbeApp()));
  afterAll(() => probe.app.close());

  const get = (url: string, headers: Record<string, string> = {}) => probe.app.inject({ method: 'GET', url, headers });

  it('what needs no token may be kept for a moment by anybody, and with a token by nobody', async () => {
    const open = await get('/v1/posts/7');
    expect(open.headers['cache-control']).toMatch(/^public, max-age=\d, stale-while-revalidate=\d+$/);
    const own = await get('/v1/posts/7', { authorization: probe.authorization });
    expect(own.headers['cache-control']).toBe('private, no-store');
    for (const { headers } of [open, own]) expect(headers.vary).toBe('Authorization');
    expect((await get('/v1/me', { authorization: probe.authorization })).headers['cache-control']).toBe(
      'private, no-store',
    );
  });

  it('errors may be kept by nobody', async () => {
    for (const url of ['/v1/posts/x', '/v1/nothing', '/v1/posts/%zz'])
      expect((await get(url)).headers['cache-control']).toBe('no-store');
  });

  it('knows what the client knows', async () => {
    const { headers, body } = await get('/v1/posts/7');
    const etag = String(headers.etag);
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await get('/v1/posts/7', { 'if-none-match': known });
      expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', etag]);
      expect(again.headers['cache-control']).toMatch(/^public/);
    }
    const other = await get('/v1/posts/7', { 'if-none-match': '"x"' });
    expect([other.statusCode, other.body]).toEqual([200, body]);
  });

  it('ready-made JSON is sent as it is, with its type', async () => {
    const { headers, body } = await get('/v1/posts/7');
    expect([headers['content-type'], body]).toEqual(['application/json; charset=utf-8', '{"id":"7","viewer":null}']);
  });

  it('protects', async () => {
    const { headers } = await get('/v1/posts/7');
    expect(headers).toMatchObject({
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'strict-transport-security': expect.stringContaining('max-age=') as string,
    });
    expect(headers).not.toHaveProperty('x-powered-by');
    expect((await get('/docs')).headers['content-security-policy']).toContain("script-src 'self'");
  });

  it('has an id for every request, and keeps the one of a proxy', async () => {
    const ids = [await get('/v1/posts/7'), await get('/healthz'), await get('/v1/nothing')].map(
      (a) => a.headers['x-request-id'],
    );
    expect(new Set(ids).size).toBe(3);
    expect((await get('/v1/posts/7', { 'x-request-id': 'from-the-proxy' })).headers['x-request-id']).toBe(
      'from-the-proxy',
    );
  });
});
