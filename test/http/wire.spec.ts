import type { AddressInfo } from 'node:net';
import { until } from '#test';
import { slowly } from './support/probe.controller.ts';
import { openProbeApp, type ProbeApp } from './support/probe-app.ts';
import { type RawAnswer, rawRequest } from './support/raw-request.ts';

const codeOf = ({ body }: RawAnswer): string => (JSON.parse(body) as { code: string }).code;

describe('on the wire', () => {
  let probe: ProbeApp;
  let port: number;
  let head: (line: string, ...headers: string[]) => string;

  beforeAll(async () => {
    probe = await openProbeApp();
    await probe.app.listen(0, '127.0.0.1');
    port = (probe.app.getHttpServer().address() as AddressInfo).port;
    head = (line, ...headers) =>
      [`${line} HTTP/1.1`, 'Host: x', `Authorization: ${probe.authorization}`, ...headers, '', ''].join('\r\n');
  });
  afterAll(() => probe.app.close());

  const last = 'Connection: close';
  const json = 'Content-Type: application/json';
  const follower = (): string => head('GET /v1/me', last);

  it('what is no HTTP at all', async () => {
    for (const bytes of ['\u0000\u0001\u0002\r\n\r\n', 'GET\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', 'hello\r\n\r\n']) {
      const [answer] = await rawRequest(port, [bytes]);
      expect([answer?.status, answer && codeOf(answer)]).toEqual([400, 'validation_failed']);
    }
  });

  it('more headers than anybody needs', async () => {
    const [answer] = await rawRequest(port, [head('GET /v1/me', `X-Filler: ${'x'.repeat(20_000)}`)]);
    expect([answer?.status, answer && codeOf(answer)]).toEqual([400, 'validation_failed']);
    expect(answer?.head).toContain('application/problem+json');
  });

  it('10,000 bytes of headers are fine', async () => {
    const [answer] = await rawRequest(port, [head('GET /v1/me', `X-Filler: ${'x'.repeat(10_000)}`, last)]);
    expect(answer?.status).toBe(200);
  });

  it('a body cut off in the middle', async () => {
    const [answer] = await rawRequest(port, [head('POST /v1/posts', json, 'Content-Length: 50'), '{"text":"x'], {
      end: true,
    });
    expect([answer?.status, answer && codeOf(answer)]).toEqual([400, 'validation_failed']);
  });

  it('a chunked body that grows too large is refused before its end', async () => {
    const chunk = Buffer.concat([Buffer.from('8000\r\n'), Buffer.alloc(0x8000, 'a'), Buffer.from('\r\n')]);
    const start = head('POST /v1/posts', json, 'Transfer-Encoding: chunked');
    const [answer] = await rawRequest(port, [start, chunk, chunk, chunk]);
    expect([answer?.status, answer && codeOf(answer)]).toEqual([413, 'body_too_large']);
  });

  it('a body that is too large is read past when not much is missing, and the connection goes on', async () => {
    const body = Buffer.alloc(300_000, 'a');
    const request = [head('POST /v1/posts', json, `Content-Length: ${body.length}`), body, follower()];
    const answers = await rawRequest(port, request);
    expect(answers.map(({ status }) => status)).toEqual([413, 200]);
  });

  it('a body far too large ends the connection', async () => {
    const request = [head('POST /v1/posts', json, 'Content-Length: 5000000'), '{'];
    const answers = await rawRequest(port, request);
    expect(answers.map(({ status, head }) => [status, /connection: close/i.test(head)])).toEqual([[413, true]]);
  });

  it('the connection goes on after bad JSON and after a bad token', async () => {
    const bad = [head('POST /v1/posts', json, 'Content-Length: 1'), '{', follower()];
    expect((await rawRequest(port, bad)).map(({ status }) => status)).toEqual([400, 200]);
    const forged = ['GET /v1/me HTTP/1.1', 'Host: x', 'Authorization: Bearer x', '', ''].join('\r\n');
    expect((await rawRequest(port, [forged, follower()])).map(({ status }) => status)).toEqual([401, 200]);
  });

  it('two lengths, or a length and chunks, smuggle nothing', async () => {
    for (const headers of [
      ['Content-Length: 1', 'Content-Length: 2'],
      ['Content-Length: 1', 'Transfer-Encoding: chunked'],
    ]) {
      const [answer] = await rawRequest(port, [head('POST /v1/posts', json, ...headers), '{}']);
      expect(answer?.status).toBe(400);
    }
  });

  it('a server that stops answers what is under way, waits for nobody else, and lets no other in', async () => {
    const stopping = await openProbeApp();
    await stopping.app.listen(0, '127.0.0.1');
    const { port: other } = stopping.app.getHttpServer().address() as AddressInfo;
    const silent = rawRequest(other, []);
    const answers = rawRequest(other, [head('GET /v1/slow')]);
    await until(() => slowly.listenerCount('go on') > 0);
    const closed = stopping.app.close();
    await until(() => !stopping.app.getHttpServer().listening);
    slowly.emit('go on');
    await closed;
    expect(await silent).toEqual([]);
    expect((await answers).map(({ status, body }) => [status, body])).toEqual([[200, '{"done":true}']]);
    await expect(rawRequest(other, [follower()])).rejects.toThrow('ECONNREFUSED');
  });

  it('still works after all these', async () => {
    const [answer] = await rawRequest(port, [follower()]);
    expect([answer?.status, answer?.body]).toEqual([200, '{"id":"5"}']);
    expect(probe.lines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });
});
