import { createHmac } from 'node:crypto';
import type { UserId } from '#ids';
import { openProbeApp, type ProbeApp, SECRET } from './support/probe-app.ts';
import { type Answer, problemIn } from './support/problem.ts';

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
const nowS = Math.floor(Date.now() / 1000);

function signed(header: object, claims: object, secret = SECRET): string {
  const text = `${encode(header)}.${encode(claims)}`;
  return `Bearer ${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

describe('tokens', () => {
  let probe: ProbeApp;
  beforeAll(async () => (probe = await openProbeApp()));
  afterAll(() => probe.app.close());

  function ask(method: 'GET' | 'POST' | 'PUT', url: string, authorization?: string, payload?: string): Promise<Answer> {
    const headers = { ...(authorization !== undefined && { authorization }), 'content-type': 'application/json' };
    return probe.app.inject({ method, url, headers, ...(payload !== undefined && { payload }) });
  }

  const good = { sub: '5', iat: nowS, exp: nowS + 60 };
  const bad: [string, string][] = [
    ['garbage', 'Bearer garbage'],
    ['empty', 'Bearer '],
    ['no scheme', 'garbage'],
    ['basic', `Basic ${Buffer.from('a:b').toString('base64')}`],
    ['alg none', `Bearer ${encode({ alg: 'none', typ: 'JWT' })}.${encode(good)}.`],
    ['alg None, signed', signed({ alg: 'None' }, good)],
    ['an empty key', signed({ alg: 'HS256' }, good, '')],
    ['another key', signed({ alg: 'HS256' }, good, 'not the secret')],
    ['expired', signed({ alg: 'HS256' }, { ...good, exp: nowS - 1 })],
    ['no expiry', signed({ alg: 'HS256' }, { sub: '5', iat: nowS })],
    ['a subject that is no id', signed({ alg: 'HS256' }, { ...good, sub: '18446744073709551616' })],
  ];

  it.each(bad)('%s is refused before anything else about the request', async (_what, authorization) => {
    for (const [method, url, payload] of [
      ['GET', '/v1/me'],
      ['GET', '/v1/posts/7'],
      ['GET', '/v1/posts/not-an-id'],
      ['GET', '/v1/list?limit=0&x=1'],
      ['GET', '/v1/ops'],
      ['POST', '/v1/entry', '{"text":"x"}'],
      ['POST', '/v1/posts', '{'],
      ['POST', '/v1/posts', `"${'x'.repeat(70_000)}"`],
      ['PUT', '/v1/posts/7/like', '{"x":1}'],
    ] as const) {
      const answer = await ask(method, url, authorization, payload);
      expect(problemIn(answer)).toEqual(['unauthorized']);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    }
  });

  it('a route needs a token unless it says otherwise', async () => {
    for (const url of ['/v1/me', '/v1/list', '/v1/stream', '/v1/ops'])
      expect(problemIn(await ask('GET', url))).toEqual(['unauthorized']);
    expect((await ask('GET', '/v1/posts/7')).statusCode).toBe(200);
    expect((await ask('POST', '/v1/entry', undefined, '{"text":"x"}')).statusCode).toBe(201);
  });

  it('knows the caller', async () => {
    expect((await ask('GET', '/v1/me', probe.authorization)).body).toBe('{"id":"5"}');
    expect((await ask('GET', '/v1/posts/7', probe.authorization)).body).toBe('{"id":"7","viewer":"5"}');
    expect((await ask('GET', '/v1/posts/7')).body).toBe('{"id":"7","viewer":null}');
  });

  it('the scheme may be written in any case', async () =>
    expect((await ask('GET', '/v1/me', probe.authorization.replace('Bearer', 'bEARER'))).statusCode).toBe(200));

  it('operators have a scope, and need no account', async () => {
    const alone = `Bearer ${(await probe.tokens.issue({ ops: true })).token}`;
    const both = `Bearer ${(await probe.tokens.issue({ ops: true, userId: 9n as UserId })).token}`;
    expect(problemIn(await ask('GET', '/v1/ops', probe.authorization))).toEqual(['missing_scope']);
    for (const token of [alone, both]) expect((await ask('GET', '/v1/ops', token)).statusCode).toBe(200);
    expect((await ask('GET', '/v1/me', both)).body).toBe('{"id":"9"}');
    expect(problemIn(await ask('GET', '/v1/me', alone))).toEqual(['unauthorized']);
    expect((await ask('GET', '/v1/posts/7', alone)).body).toBe('{"id":"7","viewer":null}');
  });

  it('nothing of a token is logged', () => {
    expect(probe.lines.length).toBeGreaterThan(0);
    expect(probe.lines.join('')).not.toMatch(/Bearer|eyJ/);
  });
});
