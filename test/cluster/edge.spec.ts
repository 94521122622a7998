import { once } from 'node:events';
import { type IncomingMessage, request as sendRequest, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { AppError, type ErrorCode } from '#kernel';
import { until } from '#test';
import { describeWith } from '../local-stack/describe-with.ts';
import { startEdge, type TestEdge } from './start-edge.ts';
import { StubOrigin } from './stub-origin.ts';

let posts: StubOrigin;
let timelines: readonly [StubOrigin, StubOrigin];
let worker: StubOrigin;
let edge: TestEdge;

const get = (path: string, headers: Record<string, string> = {}) => fetch(edge.url + path, { headers });
const token = { authorization: 'Bearer x' };
const asked = (path: string): number => timelines[0].count(path) + timelines[1].count(path);
let paths = 1000;
/** A path that nothing is cached under. */
const newPost = (): string => `/v1/posts/${++paths}`;

function bothTimelines(handler: StubOrigin['handler']): void {
  for (const stub of timelines) stub.handler = handler;
}

/** An answer that may be kept, with the number of times that it was made. */
function versions(cacheControl: string): StubOrigin['handler'] {
  let version = 0;
  return (_request, response) => {
    response.setHeader('cache-control', cacheControl);
    response.end(String(++version));
  };
}

describeWith(['nginx'], 'the edge', () => {
  beforeAll(async () => {
    [posts, worker] = [await StubOrigin.start('posts'), await StubOrigin.start('worker')];
    timelines = [await StubOrigin.start('timelines'), await StubOrigin.start('timelines')];
    edge = await startEdge({
      posts: [posts.address],
      timelines: timelines.map(({ address }) => address),
      workers: [worker.address],
    });
  });

  afterAll(async () => {
    await edge.stop();
    await Promise.all([posts, worker, ...timelines].map((stub) => stub.stop()));
  });

  describe('sends each route to its service', () => {
    it.each([
      ['POST /v1/users', 'posts'],
      ['GET /v1/users', 'posts'],
      ['POST /v1/sessions', 'posts'],
      ['GET /v1/me', 'posts'],
      ['PATCH /v1/me', 'posts'],
      ['GET /v1/users/@ann', 'timelines'],
      ['HEAD /v1/users/7', 'timelines'],
      ['PUT /v1/users/7', 'timelines'],
      ['PUT /v1/users/7/follow', 'posts'],
      ['DELETE /v1/users/@ann/follow', 'posts'],
      ['GET /v1/users/7/follow', 'posts'],
      ['PUT /v1/users/7/block', 'posts'],
      ['DELETE /v1/users/7/mute', 'posts'],
      ['GET /v1/users/7/followers', 'timelines'],
      ['GET /v1/users/7/following', 'timelines'],
      ['GET /v1/users/7/posts?limit=2', 'timelines'],
      ['POST /v1/posts', 'posts'],
      ['GET /v1/posts', 'posts'],
      ['GET /v1/posts/7', 'timelines'],
      ['HEAD /v1/posts/7', 'timelines'],
      ['DELETE /v1/posts/7', 'posts'],
      ['PUT /v1/posts/7', 'posts'],
      ['GET /v1/posts/7/replies', 'timelines'],
      ['POST /v1/posts/7/replies', 'timelines'],
      ['GET /v1/posts/7/likes', 'timelines'],
      ['PUT /v1/posts/7/like', 'posts'],
      ['DELETE /v1/posts/7/like', 'posts'],
      ['GET /v1/feed?limit=5', 'timelines'],
      ['GET /v1/ops/hot-keys', 'timelines'],
      ['POST /v1/ops/prewarm', 'timelines'],
      ['POST /v1/ops/feeds/7/rebuild', 'timelines'],
      ['POST /v1/ops/import/users', 'posts'],
      ['POST /v1/ops/vacuum', 'worker'],
      ['GET /healthz', 'timelines'],
      ['GET /docs', 'timelines'],
      ['GET /v1/nothing', 'timelines'],
    ])('%s: %s', async (route, service) => {
      const [method = '', path = ''] = route.split(' ');
      const stubs = [posts, worker, ...timelines];
      const before = stubs.map(({ requests }) => requests.length);
      const { status } = await fetch(edge.url + path, { method });
      const reached = stubs.find(({ requests }, i) => requests.length > (before[i] ?? 0));
      expect([status, reached?.name, reached?.requests.at(-1)?.url]).toEqual([200, service, path]);
    });

    it('and says of the path that two of them share what both allow', async () => {
      posts.handler = (_request, response) => response.writeHead(405, { allow: 'DELETE' }).end();
      expect((await fetch(`${edge.url}/v1/posts/7`, { method: 'PUT' })).headers.get('allow')).toBe('DELETE, GET, HEAD');
      posts.handler = (_request, response) => response.writeHead(405, { allow: 'DELETE, PUT' }).end();
      expect((await get('/v1/posts/7/like')).headers.get('allow')).toBe('DELETE, PUT');
    });
  });

  describe('caches', () => {
    it('a public answer, which a crowd costs the origin one request', async () => {
      const path = newPost();
      bothTimelines((_request, response) => {
        response.setHeader('cache-control', 'public, max-age=60');
        setImmediate(() => response.end('shown'));
      });
      const answers = await Promise.all(Array.from({ length: 50 }, () => get(path)));
      expect(new Set(await Promise.all(answers.map((answer) => answer.text())))).toEqual(new Set(['shown']));
      expect(asked(path)).toBe(1);
      const again = await get(path);
      expect([again.headers.get('x-cache'), await again.text()]).toEqual(['HIT', 'shown']);
      const head = await fetch(edge.url + path, { method: 'HEAD' });
      expect([head.headers.get('x-cache'), asked(path)]).toEqual(['HIT', 1]);
    });

    it('by address and nothing else', async () => {
      const path = newPost();
      bothTimelines(versions('public, max-age=60'));
      await get(path, { 'user-agent': 'one', accept: 'text/plain', cookie: 'a=b' });
      const other = await get(path, { 'user-agent': 'other', 'accept-language': 'de', 'cache-control': 'no-cache' });
      expect([other.headers.get('x-cache'), asked(path)]).toEqual(['HIT', 1]);
      expect((await get(`${path}?limit=5`)).headers.get('x-cache')).toBe('MISS');
    });

    it.each([
      ['a token', 'Bearer x'],
      ['a token that looks like "no"', '0'],
      ['something that is no token', 'nonsense'],
    ])('nothing that is asked for with %s, and gives it nothing from the cache', async (_what, authorization) => {
      const path = newPost();
      bothTimelines((request, response) => {
        response.setHeader('cache-control', 'public, max-age=60'); // though the API would never say so
        response.end(request.headers.authorization ?? 'anybody');
      });
      const read = async (headers?: Record<string, string>) => (await get(path, headers)).text();
      expect(await read({ authorization })).toBe(authorization);
      expect(await read()).toBe('anybody');
      expect(await read({ authorization })).toBe(authorization);
      expect(await read()).toBe('anybody');
      expect(asked(path)).toBe(3);
      expect((await get(path, { authorization })).headers.get('x-cache')).toBe('BYPASS');
    });

    it.each(['private, no-store', 'no-store', ''])('nothing that is not marked public: %j', async (cacheControl) => {
      const path = newPost();
      bothTimelines(versions(cacheControl));
      expect([await (await get(path)).text(), await (await get(path)).text()]).not.toEqual(['1', '1']);
      expect(asked(path)).toBe(2);
    });

    it.each(['/v1/feed', '/v1/users/7/followers', '/v1/posts/7/likes', '/metrics'])('nothing of %s', async (path) => {
      const before = asked(path);
      bothTimelines(versions('public, max-age=60'));
      for (let i = 0; i < 2; i++) expect((await get(path)).headers.get('x-cache')).toBeNull();
      expect(asked(path) - before).toBe(2);
    });

    it('shows the old while it fetches the new', async () => {
      const path = newPost();
      bothTimelines(versions('public, max-age=1, stale-while-revalidate=60'));
      expect(await (await get(path)).text()).toBe('1');
      let held: ServerResponse | undefined;
      bothTimelines((_request, response) => (held = response));
      const stale = await until(
        () => get(path),
        ({ headers }) => headers.get('x-cache') !== 'HIT',
      );
      expect([stale.headers.get('x-cache'), await stale.text()]).toEqual(['STALE', '1']);
      const crowd = await Promise.all(Array.from({ length: 20 }, () => get(path)));
      expect(new Set(crowd.map(({ headers }) => headers.get('x-cache')))).toEqual(new Set(['UPDATING']));
      expect(asked(path)).toBe(2);
      const response = await until(() => held, Boolean);
      response!.setHeader('cache-control', 'public, max-age=60').end('new');
      await until(
        async () => (await get(path)).text(),
        (body) => body === 'new',
      );
      expect(asked(path)).toBe(2);
    });

    it('but never what is older than the API allows', async () => {
      const path = newPost();
      bothTimelines(versions('public, max-age=1'));
      expect(await (await get(path)).text()).toBe('1');
      const next = await until(
        () => get(path),
        ({ headers }) => headers.get('x-cache') !== 'HIT',
      );
      expect([next.headers.get('x-cache'), await next.text()]).toEqual(['EXPIRED', '2']);
    });

    it('and asks whether it changed before it fetches it again', async () => {
      const path = newPost();
      bothTimelines((request, response) => {
        const known = request.headers['if-none-match'] === '"v1"';
        response.writeHead(known ? 304 : 200, { 'cache-control': 'public, max-age=1', etag: '"v1"' });
        response.end(known ? undefined : 'body');
      });
      await get(path);
      const again = await until(
        () => get(path),
        ({ headers }) => headers.get('x-cache') !== 'HIT',
      );
      expect([again.headers.get('x-cache'), await again.text()]).toEqual(['REVALIDATED', 'body']);
      const known = await get(path, { 'if-none-match': '"v1"' });
      expect([known.status, await known.text(), known.headers.get('etag')]).toEqual([304, '', '"v1"']);
      expect((await get(path, { ...token, 'if-none-match': '"v1"' })).status).toBe(304);
    });

    it('and serves it while the origin fails or is overloaded', async () => {
      const path = newPost();
      bothTimelines(versions('public, max-age=1'));
      await get(path);
      bothTimelines((_request, response) => response.writeHead(503, { 'cache-control': 'no-store' }).end());
      const kept = await until(
        () => get(path),
        ({ headers }) => headers.get('x-cache') !== 'HIT',
      );
      expect([kept.status, kept.headers.get('x-cache'), await kept.text()]).toEqual([200, 'STALE', '1']);
      bothTimelines((request) => request.socket.destroy());
      expect((await get(path)).headers.get('x-cache')).toBe('STALE');
    });
  });

  describe('passes on', () => {
    const echo: StubOrigin['handler'] = ({ headers }, response) => response.end(JSON.stringify(headers));
    const headersAt = async (headers: Record<string, string> = {}) =>
      (await (await get('/v1/feed', headers)).json()) as Record<string, string>;

    it('where a client is, and not where it says it is', async () => {
      bothTimelines(echo);
      expect(await headersAt({ 'x-forwarded-for': '8.8.8.8' })).toMatchObject({ 'x-forwarded-for': '127.0.0.1' });
    });

    it('one id for a request', async () => {
      bothTimelines(echo);
      const answer = await get('/v1/feed');
      const { 'x-request-id': id } = (await answer.json()) as Record<string, string>;
      expect([id?.length, answer.headers.get('x-request-id')]).toEqual([32, id]);
      expect(await headersAt({ 'x-request-id': 'from-the-client' })).toMatchObject({
        'x-request-id': 'from-the-client',
      });
    });

    it('a stream, event by event', async () => {
      let stream: ServerResponse | undefined;
      bothTimelines((_request, response) => {
        stream = response;
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n');
      });
      const { body } = await get('/v1/feed/stream', token);
      const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
      expect((await reader.read()).value).toBe(': hello\n\n');
      stream!.write('data: 1\n\n');
      expect((await reader.read()).value).toBe('data: 1\n\n');
      const closed = once(stream!, 'close');
      await reader.cancel();
      await closed; // a client that leaves does not stay with the service
    });

    it('requests over connections that stay', async () => {
      bothTimelines(echo);
      for (const stub of timelines) stub.requests.length = 0;
      for (let i = 0; i < 20; i++) await get('/v1/feed');
      const sockets = new Set(timelines.flatMap(({ requests }) => requests.map(({ socket }) => socket)));
      expect(sockets.size).toBeLessThan(6);
    });
  });

  describe('when something is wrong', () => {
    /** What the API itself would say. */
    const problem = (code: ErrorCode) => ({
      ...pick(new AppError(code)),
      code,
      type: `urn:groundswell:problem:${code}`,
    });
    const pick = ({ status, detail }: AppError) => ({ status, detail, title: detail });
    const problemOf = async (answer: Response) => {
      expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      expect(answer.headers.get('cache-control')).toBe('no-store');
      return await answer.json();
    };

    it('repeats a read at another instance', async () => {
      timelines[0].handler = (request) => request.socket.destroy();
      timelines[1].handler = (_request, response) => response.end('here');
      for (let i = 0; i < 6; i++) expect(await (await get('/v1/feed')).text()).toBe('here');
    });

    it('repeats no write', async () => {
      posts.requests.length = 0;
      posts.handler = (request) => request.socket.destroy();
      const answer = await fetch(`${edge.url}/v1/posts`, { method: 'POST', body: '{}' });
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(await problemOf(answer)).toMatchObject(problem('unavailable'));
      expect(posts.requests).toHaveLength(1);
    });

    it('says in the API’s words that a body is too large, or a request none', async () => {
      const large = await fetch(`${edge.url}/v1/posts`, { method: 'POST', body: 'x'.repeat(1_100_000) });
      expect(await problemOf(large)).toMatchObject(problem('body_too_large'));
      const socket = connect(Number(new URL(edge.url).port), '127.0.0.1').end(
        'GET /v1/feed HTTP/1.1\r\nHo st: x\r\n\r\n',
      );
      const broken = await text(socket);
      expect(broken).toContain('HTTP/1.1 400 ');
      expect(JSON.parse(broken.slice(broken.indexOf('{')))).toMatchObject(problem('validation_failed'));
    });

    it('lets the API refuse what it refuses', async () => {
      posts.handler = (_request, response) => response.writeHead(413).end('too large');
      const answer = await fetch(`${edge.url}/v1/posts`, { method: 'POST', body: 'x'.repeat(70_000) });
      expect([answer.status, await answer.text()]).toEqual([413, 'too large']);
    });
  });

  it('counts for Prometheus, where only operators look', async () => {
    expect(await (await fetch(edge.statusUrl)).text()).toContain('Active connections: ');
    expect((await fetch(edge.statusUrl.replace('status', 'v1/feed'))).status).toBe(404);
  });

  it('takes clients by their address', async () => {
    bothTimelines(({ headers }, response) => response.end(headers['x-forwarded-for']));
    const outgoing = sendRequest(`${edge.url}/v1/feed`, { localAddress: '127.0.0.9' }).end();
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    expect(await text(answer)).toBe('127.0.0.9');
  });
});
