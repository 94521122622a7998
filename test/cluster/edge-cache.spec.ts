import type { ServerResponse } from 'node:http';
import { until } from '#test';
import { describeWith } from '../local-stack/describe-with.ts';
import { type EdgeBeforeStubs, startEdgeBeforeStubs } from './edge-before-stubs.ts';
import type { StubOrigin } from './stub-origin.ts';

let edge: EdgeBeforeStubs;
let posts = 0;
/** A path that nothing is cached under. */
const newPost = (): string => `/v1/posts/${++posts}`;
const token = { authorization: 'Bearer x' };

/** An answer that may be kept, with the number of times that it was made. */
function versions(cacheControl: string): StubOrigin['handler'] {
  let version = 0;
  return (_request, response) => {
    response.setHeader('cache-control', cacheControl);
    response.end(String(++version));
  };
}

describeWith(['nginx'], 'the edge caches', () => {
  beforeAll(async () => (edge = await startEdgeBeforeStubs()));
  afterAll(() => edge.stop());

  it('a public answer, which a crowd costs the origin one request', async () => {
    const path = newPost();
    edge.bothTimelines((_request, response) => {
      response.setHeader('cache-control', 'public, max-age=60');
      setImmediate(() => response.end('shown'));
    });
    const answers = await Promise.all(Array.from({ length: 50 }, () => edge.get(path)));
    expect(new Set(await Promise.all(answers.map((answer) => answer.text())))).toEqual(new Set(['shown']));
    expect(edge.asked(path)).toBe(1);
    const again = await edge.get(path);
    expect([again.headers.get('x-cache'), await again.text()]).toEqual(['HIT', 'shown']);
    const head = await fetch(edge.url + path, { method: 'HEAD' });
    expect([head.headers.get('x-cache'), edge.asked(path)]).toEqual(['HIT', 1]);
  });

  it('by address and nothing else', async () => {
    const path = newPost();
    edge.bothTimelines(versions('public, max-age=60'));
    await edge.get(path, { 'user-agent': 'one', accept: 'text/plain', cookie: 'a=b' });
    const other = await edge.get(path, { 'user-agent': 'other', 'accept-language': 'de', 'cache-control': 'no-cache' });
    expect([other.headers.get('x-cache'), edge.asked(path)]).toEqual(['HIT', 1]);
    expect((await edge.get(`${path}?limit=5`)).headers.get('x-cache')).toBe('MISS');
  });

  it.each([
    ['a token', 'Bearer x'],
    ['a token that looks like "no"', '0'],
    ['something that is no token', 'nonsense'],
  ])('nothing that is asked for with %s, and gives it nothing from the cache', async (_what, authorization) => {
    const path = newPost();
    edge.bothTimelines((request, response) => {
      response.setHeader('cache-control', 'public, max-age=60'); // though the API would never say so
      response.end(request.headers.authorization ?? 'anybody');
    });
    const read = async (headers?: Record<string, string>) => (await edge.get(path, headers)).text();
    expect(await read({ authorization })).toBe(authorization);
    expect(await read()).toBe('anybody');
    expect(await read({ authorization })).toBe(authorization);
    expect(await read()).toBe('anybody');
    expect(edge.asked(path)).toBe(3);
    expect((await edge.get(path, { authorization })).headers.get('x-cache')).toBe('BYPASS');
  });

  it.each(['private, no-store', 'no-store', ''])('nothing that is not marked public: %j', async (cacheControl) => {
    const path = newPost();
    edge.bothTimelines(versions(cacheControl));
    expect([await (await edge.get(path)).text(), await (await edge.get(path)).text()]).not.toEqual(['1', '1']);
    expect(edge.asked(path)).toBe(2);
  });

  it.each(['/v1/feed', '/v1/users/7/followers', '/v1/posts/7/likes', '/metrics'])('nothing of %s', async (path) => {
    const before = edge.asked(path);
    edge.bothTimelines(versions('public, max-age=60'));
    for (let i = 0; i < 2; i++) expect((await edge.get(path)).headers.get('x-cache')).toBeNull();
    expect(edge.asked(path) - before).toBe(2);
  });

  it('shows the old while it fetches the new', async () => {
    const path = newPost();
    edge.bothTimelines(versions('public, max-age=1, stale-while-revalidate=60'));
    expect(await (await edge.get(path)).text()).toBe('1');
    let held: ServerResponse | undefined;
    edge.bothTimelines((_request, response) => (held = response));
    const stale = await until(
      () => edge.get(path),
      ({ headers }) => headers.get('x-cache') !== 'HIT',
    );
    expect([stale.headers.get('x-cache'), await stale.text()]).toEqual(['STALE', '1']);
    const crowd = await Promise.all(Array.from({ length: 20 }, () => edge.get(path)));
    expect(new Set(crowd.map(({ headers }) => headers.get('x-cache')))).toEqual(new Set(['UPDATING']));
    expect(edge.asked(path)).toBe(2);
    const response = await until(() => held, Boolean);
    response!.setHeader('cache-control', 'public, max-age=60').end('new');
    await until(
      async () => (await edge.get(path)).text(),
      (body) => body === 'new',
    );
    expect(edge.asked(path)).toBe(2);
  });

  it('but never what is older than the API allows', async () => {
    const path = newPost();
    edge.bothTimelines(versions('public, max-age=1'));
    expect(await (await edge.get(path)).text()).toBe('1');
    const next = await until(
      () => edge.get(path),
      ({ headers }) => headers.get('x-cache') !== 'HIT',
    );
    expect([next.headers.get('x-cache'), await next.text()]).toEqual(['EXPIRED', '2']);
  });

  it('and asks whether it changed before it fetches it again', async () => {
    const path = newPost();
    edge.bothTimelines((request, response) => {
      const known = request.headers['if-none-match'] === '"v1"';
      response.writeHead(known ? 304 : 200, { 'cache-control': 'public, max-age=1', etag: '"v1"' });
      response.end(known ? undefined : 'body');
    });
    await edge.get(path);
    const again = await until(
      () => edge.get(path),
      ({ headers }) => headers.get('x-cache') !== 'HIT',
    );
    expect([again.headers.get('x-cache'), await again.text()]).toEqual(['REVALIDATED', 'body']);
    const known = await edge.get(path, { 'if-none-match': '"v1"' });
    expect([known.status, await known.text(), known.headers.get('etag')]).toEqual([304, '', '"v1"']);
    expect((await edge.get(path, { ...token, 'if-none-match': '"v1"' })).status).toBe(304);
  });

  it('and serves it while the origin fails or is overloaded', async () => {
    const path = newPost();
    edge.bothTimelines(versions('public, max-age=1'));
    await edge.get(path);
    edge.bothTimelines((_request, response) => response.writeHead(503, { 'cache-control': 'no-store' }).end());
    const kept = await until(
      () => edge.get(path),
      ({ headers }) => headers.get('x-cache') !== 'HIT',
    );
    expect([kept.status, kept.headers.get('x-cache'), await kept.text()]).toEqual([200, 'STALE', '1']);
    edge.bothTimelines((request) => request.socket.destroy());
    expect((await edge.get(path)).headers.get('x-cache')).toBe('STALE');
  });
});
