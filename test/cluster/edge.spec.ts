import { once } from 'node:events';
import { type IncomingMessage, request as sendRequest, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { AppError, type ErrorCode } from '#kernel';
import { describeWith } from '../local-stack/describe-with.ts';
import { type EdgeBeforeStubs, startEdgeBeforeStubs } from './edge-before-stubs.ts';
import type { StubOrigin } from './stub-origin.ts';

let edge: EdgeBeforeStubs;

describeWith(['nginx'], 'the edge', () => {
  beforeAll(async () => (edge = await startEdgeBeforeStubs()));
  afterAll(() => edge.stop());

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
      ['POST /v1/ops/counters/check', 'posts'],
      ['POST /v1/ops/vacuum', 'worker'],
      ['GET /healthz', 'timelines'],
      ['GET /docs', 'timelines'],
      ['GET /v1/nothing', 'timelines'],
      // As the services read it: a slash in disguise belongs to an id, and an id may be empty.
      ['GET /v1/posts/..%2Fme', 'timelines'],
      ['GET /v1/posts/7%2flike', 'timelines'],
      ['GET /v1/posts/..%2Fops%2Fvacuum?limit=2', 'timelines'],
      ['DELETE /v1/posts/7%2Freplies', 'posts'],
      ['PUT /v1/users/..%2F7/follow', 'posts'],
      ['PUT /v1/users//follow', 'posts'],
      ['POST /v1/%70osts', 'posts'],
    ])('%s: %s', async (route, service) => {
      const [method = '', path = ''] = route.split(' ');
      const stubs = [edge.posts, edge.worker, ...edge.timelines];
      const before = stubs.map(({ requests }) => requests.length);
      const { status } = await fetch(edge.url + path, { method });
      const reached = stubs.find(({ requests }, i) => requests.length > (before[i] ?? 0));
      expect([status, reached?.name, reached?.requests.at(-1)?.url]).toEqual([200, service, path]);
    });

    it('and says of the path that two of them share what both allow', async () => {
      edge.posts.handler = (_request, response) => response.writeHead(405, { allow: 'DELETE' }).end();
      expect((await fetch(`${edge.url}/v1/posts/7`, { method: 'PUT' })).headers.get('allow')).toBe('DELETE, GET, HEAD');
      edge.posts.handler = (_request, response) => response.writeHead(405, { allow: 'DELETE, PUT' }).end();
      expect((await edge.get('/v1/posts/7/like')).headers.get('allow')).toBe('DELETE, PUT');
    });
  });

  describe('passes on', () => {
    const echo: StubOrigin['handler'] = ({ headers }, response) => response.end(JSON.stringify(headers));
    const headersAt = async (headers: Record<string, string> = {}) =>
      (await (await edge.get('/v1/feed', headers)).json()) as Record<string, string>;

    it('where a client is, and not where it says it is', async () => {
      edge.bothTimelines(echo);
      expect(await headersAt({ 'x-forwarded-for': '8.8.8.8' })).toMatchObject({ 'x-forwarded-for': '127.0.0.1' });
    });

    it('one id for a request', async () => {
      edge.bothTimelines(echo);
      const answer = await edge.get('/v1/feed');
      const { 'x-request-id': id } = (await answer.json()) as Record<string, string>;
      expect([id?.length, answer.headers.get('x-request-id')]).toEqual([32, id]);
      expect(await headersAt({ 'x-request-id': 'from-the-client' })).toMatchObject({
        'x-request-id': 'from-the-client',
      });
    });

    it('a stream, event by event', async () => {
      let stream: ServerResponse | undefined;
      edge.bothTimelines((_request, response) => {
        stream = response;
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n');
      });
      const { body } = await edge.get('/v1/feed/stream');
      const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
      expect((await reader.read()).value).toBe(': hello\n\n');
      stream!.write('data: 1\n\n');
      expect((await reader.read()).value).toBe('data: 1\n\n');
      const closed = once(stream!, 'close');
      await reader.cancel();
      await closed; // a client that leaves does not stay with the service
    });

    it('requests over connections that stay', async () => {
      edge.bothTimelines(echo);
      for (const stub of edge.timelines) stub.requests.length = 0;
      for (let i = 0; i < 20; i++) await edge.get('/v1/feed');
      const sockets = new Set(edge.timelines.flatMap(({ requests }) => requests.map(({ socket }) => socket)));
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
      edge.timelines[0].handler = (request) => request.socket.destroy();
      edge.timelines[1].handler = (_request, response) => response.end('here');
      for (let i = 0; i < 6; i++) expect(await (await edge.get('/v1/feed')).text()).toBe('here');
    });

    it('repeats no write', async () => {
      edge.posts.requests.length = 0;
      edge.posts.handler = (request) => request.socket.destroy();
      const answer = await fetch(`${edge.url}/v1/posts`, { method: 'POST', body: '{}' });
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(await problemOf(answer)).toMatchObject(problem('unavailable'));
      expect(edge.posts.requests).toHaveLength(1);
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

    it.each(['/v1/users/%zz', '/v1/posts/%00/like'])(
      'says the same of a path that cannot be read: %s',
      async (path) => {
        const answer = await edge.get(path);
        expect([answer.status, await problemOf(answer)]).toMatchObject([400, problem('validation_failed')]);
      },
    );

    it('lets the API refuse what it refuses', async () => {
      edge.posts.handler = (_request, response) => response.writeHead(413).end('too large');
      const answer = await fetch(`${edge.url}/v1/posts`, { method: 'POST', body: 'x'.repeat(70_000) });
      expect([answer.status, await answer.text()]).toEqual([413, 'too large']);
    });
  });

  it('counts for Prometheus, where only operators look', async () => {
    expect(await (await fetch(edge.statusUrl)).text()).toContain('Active connections: ');
    expect((await fetch(edge.statusUrl.replace('status', 'v1/feed'))).status).toBe(404);
  });

  it('takes clients by their address', async () => {
    edge.bothTimelines(({ headers }, response) => response.end(headers['x-forwarded-for']));
    const outgoing = sendRequest(`${edge.url}/v1/feed`, { localAddress: '127.0.0.9' }).end();
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    expect(await text(answer)).toBe('127.0.0.9');
  });
});
