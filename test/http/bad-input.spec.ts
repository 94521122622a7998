import { openProbeApp, type ProbeApp } from './support/probe-app.ts';
import { type Answer, problemIn } from './support/problem.ts';

const JSON_TYPE = 'application/json';
const GOOD = '{"text":"x"}';
const nested = `{"text":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
const sized = (bytes: number): string => `{"text":"${'a'.repeat(bytes - 11)}"}`;

describe('bad input', () => {
  let probe: ProbeApp;
  beforeAll(async () => (probe = await openProbeApp()));
  afterAll(() => probe.app.close());

  type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';
  async function ask(method: Method, url: string, headers: object = {}, payload?: string | Buffer): Promise<Answer> {
    const given = { authorization: probe.authorization, ...headers };
    const answer = await probe.app.inject({ method, url, headers: given, ...(payload !== undefined && { payload }) });
    expect(answer.statusCode).toBeLessThan(500);
    return answer;
  }
  const send = (payload: string | Buffer, type?: string, method: Method = 'POST', url = '/v1/posts'): Promise<Answer> =>
    ask(method, url, type === undefined ? {} : { 'content-type': type }, payload);

  describe('bodies', () => {
    it.each([
      '{"text":',
      '{text:"x"}',
      '',
      '{"text":"x"}}',
      "{'text':'x'}",
      '\u0000',
      '{"text":"\\u12"}',
      'undefined',
      nested,
    ])('%.20j is no JSON to us', async (body) => expect(problemIn(await send(body, JSON_TYPE))).toEqual(['bad_json']));
    it('bytes that are no UTF-8', async () => {
      const bytes = Buffer.from('{"text":"\u00ff"}', 'latin1');
      expect(problemIn(await send(bytes, JSON_TYPE))).toEqual(['bad_json']);
    });
    it.each(['[]', '"text"', 'null', '5', '[{"text":"x"}]'])('%s is no object', async (body) =>
      expect(problemIn(await send(body, JSON_TYPE))).toEqual(['validation_failed', 'body wrong_type']),
    );
    it.each(['__proto__', 'constructor', 'prototype'])('the key %s', async (key) => {
      const body = `{"text":"x","${key}":{"prototype":{"polluted":1}}}`;
      expect(problemIn(await send(body, JSON_TYPE))).toEqual(['validation_failed', `${key} unknown_field`]);
      expect('polluted' in {}).toBe(false);
    });
    it('thousands of unknown fields make no long answer', async () => {
      const body = JSON.stringify(Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`f${i}`, 0])));
      expect(problemIn(await send(body, JSON_TYPE))).toHaveLength(1 + 100);
      expect(problemIn(await send(body, JSON_TYPE, 'PUT', '/v1/posts/7/like'))).toHaveLength(1 + 100);
    });
    it('every wrong field is named', async () => {
      const body = '{"text":"","colour":1,"replyTo":"x y"}';
      expect(problemIn(await send(body, JSON_TYPE))).toEqual([
        'validation_failed',
        'text too_short',
        'replyTo malformed',
        'colour unknown_field',
      ]);
    });
    it.each(['"\\ud800"', '"a\\udc00b"', '"a\\u0000b"'])('the text %s', async (text) =>
      expect(problemIn(await send(`{"text":${text}}`, JSON_TYPE))).toEqual([
        'validation_failed',
        'text forbidden_character',
      ]),
    );
    it('no body and no type at all', async () =>
      expect(problemIn(await ask('POST', '/v1/posts'))).toEqual(['validation_failed', 'body required']));

    it.each([
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/xml',
      'application/problem+json',
      'json',
      undefined,
    ])('the type %s', async (type) => {
      for (const [method, url] of [
        ['POST', '/v1/posts'],
        ['PATCH', '/v1/me'],
        ['POST', '/v1/entry'],
      ] as const)
        expect(problemIn(await send(GOOD, type, method, url))).toEqual(['unsupported_media_type']);
    });
    it.each(['application/json; charset=utf-8', 'APPLICATION/JSON'])('the type %s is fine', async (type) =>
      expect((await send(GOOD, type)).statusCode).toBe(201),
    );

    it('64 KiB are read, a byte more is not', async () => {
      expect(problemIn(await send(sized(65_536), JSON_TYPE))).toEqual(['validation_failed', 'text too_long']);
      expect(problemIn(await send(sized(65_537), JSON_TYPE))).toEqual(['body_too_large']);
      expect(problemIn(await send(sized(5_000_000), JSON_TYPE))).toEqual(['body_too_large']);
    });

    it('PUT and DELETE take an empty body or object, and no fields', async () => {
      for (const method of ['PUT', 'DELETE'] as const) {
        const url = '/v1/posts/7/like';
        expect((await ask(method, url)).statusCode).toBe(200);
        expect((await ask(method, url, { 'content-type': JSON_TYPE })).statusCode).toBe(200);
        expect((await send('{}', JSON_TYPE, method, url)).statusCode).toBe(200);
        expect(problemIn(await send('{"a":1}', JSON_TYPE, method, url))).toEqual([
          'validation_failed',
          'a unknown_field',
        ]);
        expect(problemIn(await send('[]', JSON_TYPE, method, url))).toEqual(['validation_failed', 'body wrong_type']);
        expect(problemIn(await send('{', JSON_TYPE, method, url))).toEqual(['bad_json']);
      }
    });
  });

  describe('paths', () => {
    it.each([
      'abc',
      '-1',
      '18446744073709551616',
      '9223372036854775808',
      '0',
      '1.5',
      '1e3',
      '%00',
      '%20',
      '%F0%9F%98%80',
      '..%2Fme',
      '@',
      '0x10',
      'null',
      '__proto__',
    ])('the id %s', async (id) => {
      for (const [method, url] of [
        ['GET', `/v1/posts/${id}`],
        ['PUT', `/v1/posts/${id}/like`],
        ['DELETE', `/v1/posts/${id}/like`],
      ] as const)
        expect(problemIn(await ask(method, url))).toEqual(['validation_failed', 'id malformed']);
    });
    it.each([
      '/v1/posts/%zz',
      '/v1/posts/%',
      `/v1/posts/${'a'.repeat(2000)}`,
      '/v1/nothing',
      '/'.repeat(50),
      '/v1/posts//like',
      '/V1/me',
      '/v1/me/',
      '/%2e%2e/etc/passwd',
    ])('%.40s is nowhere', async (url) => expect(problemIn(await ask('GET', url))).toEqual(['not_found']));
    it.each(['%2e%2e%2fpackage.json', '\\', '%00', 'a'.repeat(300)])('no document %.20j', async (name) =>
      expect([400, 404]).toContain((await ask('GET', `/docs/${name}`)).statusCode),
    );
    it('the wrong method', async () => {
      for (const [method, url, allow] of [
        ['DELETE', '/v1/me', 'GET, HEAD, PATCH'],
        ['PUT', '/v1/posts', 'POST'],
        ['POST', '/v1/posts/7/like', 'DELETE, PUT'],
        ['PATCH', '/v1/posts/7', 'GET, HEAD'],
        ['OPTIONS', '/v1/me', 'GET, HEAD, PATCH'],
        ['POST', '/healthz', 'GET, HEAD'],
      ] as const) {
        const answer = await ask(method, url);
        expect([problemIn(answer), answer.headers.allow]).toEqual([['method_not_allowed'], allow]);
      }
    });
    it('HEAD is GET without a body, and not for a stream', async () => {
      expect(await ask('HEAD', '/v1/posts/7')).toMatchObject({ statusCode: 200, body: '' });
      expect(await ask('HEAD', '/v1/stream')).toMatchObject({ statusCode: 405, headers: { allow: 'GET' } });
    });
  });

  describe('queries', () => {
    it.each(['0', '101', 'abc', '-1', '1.5', '1e9', 'NaN', '', '5&limit=6'])('limit=%s', async (limit) => {
      const [code, field] = problemIn(await ask('GET', `/v1/list?limit=${limit}`));
      expect([code, field?.split(' ')[0]]).toEqual(['validation_failed', 'limit']);
    });
    it.each(['colour=red', 'limit=5&page=2', 'Limit=5', '__proto__=1', 'constructor=1', 'limit[]=5', '%zz=1'])(
      '?%s',
      async (query) =>
        expect(problemIn(await ask('GET', `/v1/list?${query}`))).toEqual([
          'validation_failed',
          `${/(?:.*&)?(.*)=/.exec(query)?.[1] ?? ''} unknown_field`,
        ]),
    );
    it.each(['garbage', '%00%ff', '%F0%9F%A6%8A', 'AAAA', 'x'.repeat(3000), "'; drop table posts; --", ''])(
      'cursor=%.20s',
      async (cursor) => expect(problemIn(await ask('GET', `/v1/list?cursor=${cursor}`))).toEqual(['bad_cursor']),
    );
    it('a route without a query takes none', async () => {
      expect(problemIn(await ask('GET', '/v1/me?x=1'))).toEqual(['validation_failed', 'x unknown_field']);
      expect((await ask('GET', '/v1/me?')).statusCode).toBe(200);
    });
  });

  it('headers that mean something to the framework alone', async () => {
    for (const headers of [{ 'accept-version': '9' }, { expect: 'nonsense' }, { 'x-http-method-override': 'DELETE' }])
      expect((await ask('GET', '/v1/me', headers)).statusCode).toBe(200);
  });

  it('10,000 bytes of headers', async () => {
    expect((await ask('GET', '/v1/me', { 'x-filler': 'x'.repeat(10_000) })).statusCode).toBe(200);
    expect(problemIn(await ask('GET', '/v1/me', { authorization: `Bearer ${'x'.repeat(10_000)}` }))).toEqual([
      'unauthorized',
    ]);
  });

  it('what nobody foresaw is told to the log alone', async () => {
    for (const how of ['defect', 'odd']) {
      const { app, authorization, lines } = probe;
      const answer = await app.inject({ method: 'GET', url: `/v1/fail/${how}`, headers: { authorization } });
      expect(problemIn(answer)).toEqual(['internal']);
      expect(answer.body).not.toContain('the secret of the defect');
      const line = JSON.parse(lines.at(-1) ?? '') as object;
      expect(line).toMatchObject({ level: 'error', route: '/v1/fail/:how', requestId: answer.headers['x-request-id'] });
    }
    expect(probe.lines.join('')).toContain('the secret of the defect');
  });

  it('an outage says when to come back, and a line a second is logged of it', async () => {
    const before = probe.lines.filter((line) => line.includes('the store is away')).length;
    for (let i = 0; i < 5; i++) {
      const { app, authorization } = probe;
      const answer = await app.inject({ method: 'GET', url: '/v1/fail/outage', headers: { authorization } });
      expect([problemIn(answer), answer.headers['retry-after']]).toEqual([['unavailable'], '3']);
    }
    expect(probe.lines.filter((line) => line.includes('the store is away')).length - before).toBeLessThan(5);
  });
});
