import { type ReadyAnswer, ReadyAnswers } from '#http';
import { openProbeApp, type ProbeApp } from './support/probe-app.ts';

const READY: ReadyAnswer = { bytes: Buffer.from('{"ready":"é"}').toString('latin1'), etag: '"a tag"' };

describe.each([false, true])('answers that are ready, with rates limited: %s', (rateLimits) => {
  let probe: ProbeApp;
  beforeAll(async () => {
    probe = await openProbeApp({ http: { host: '127.0.0.1', port: 0, trustedProxies: [], rateLimits } });
    const answers = probe.app.get(ReadyAnswers);
    answers.offer('/v1/posts/:id', ({ id }) => (id === '7' ? READY : undefined));
  });
  afterAll(() => probe.app.close());

  const get = (url: string, headers: Record<string, string> = {}) => probe.app.inject({ method: 'GET', url, headers });
  const fixed = (headers: object) =>
    Object.entries(headers).filter(([name]) => !['etag', 'x-request-id', 'content-length', 'date'].includes(name));

  it('have the headers that the same answer has when it is made', async () => {
    const [ready, made] = [await get('/v1/posts/7'), await get('/v1/posts/8')];
    expect(ready.body).toBe('{"ready":"é"}');
    expect(made.body).toBe('{"id":"8","viewer":null}');
    expect(fixed(ready.headers)).toEqual(fixed(made.headers));
    expect(ready.headers).toMatchObject({ etag: '"a tag"', 'content-length': '14' });
    expect(ready.headers['x-request-id']).not.toBe(made.headers['x-request-id']);
  });

  it('are not sent to whoever has them', async () => {
    const again = await get('/v1/posts/7', { 'if-none-match': '"x", "a tag"' });
    expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', '"a tag"']);
    expect(again.headers['cache-control']).toMatch(/^public/);
  });

  it('are for readers without a token only', async () => {
    const own = await get('/v1/posts/7', { authorization: probe.authorization });
    expect(own.body).toBe('{"id":"7","viewer":"5"}');
    expect((await get('/v1/posts/7', { authorization: 'Bearer no' })).statusCode).toBe(401);
  });

  it('are not for requests that are wrong', async () => {
    const wrong = await get('/v1/posts/7?x=1');
    expect([wrong.statusCode, wrong.json()]).toMatchObject([400, { code: 'validation_failed' }]);
    expect((await probe.app.inject({ method: 'DELETE', url: '/v1/posts/7' })).body).not.toContain('ready');
  });

  it('are measured like all others', async () => {
    const { body } = await get('/metrics');
    expect(body).toMatch(/http_request_duration_seconds_count\{method="GET",route="\/v1\/posts\/:id",status="304"\} 1/);
  });
});
