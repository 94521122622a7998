import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fastify } from 'fastify';
import { readConfig } from '#config';
import { startService } from '#service';
import { SocialModule } from '#social';
import { TimelineModule } from '#timeline';
import { measure, type Throughput } from '../http/autocannon.ts';
import type { ProbeServer } from '../http/probe-server.ts';
import type { Section } from '../report/report.ts';

interface Contender {
  readonly name: string;
  readonly server: ProbeServer;
}

/** Reads of one viral post, against bare Fastify sending the same bytes, in turns, in one process. */
export async function viralOverHttp(redisUrl: string, short = false): Promise<Section> {
  const rounds = short ? 1 : 12;
  const contenders = await start(redisUrl);
  const figures: Throughput[][] = contenders.map(() => []);
  for (const { server } of contenders) await measure(server, 1);
  for (let round = 0; round < rounds; round++)
    for (const [i, { server }] of contenders.entries()) figures[i]?.push(await measure(server, 1));
  for (const { server } of [...contenders].reverse()) await server.close();
  const bests = figures.map(best);
  const bare = bests[0]?.requestsPerSecond ?? NaN;
  return {
    title: 'One viral post over HTTP',
    about: `32 clients of another process, the best of ${rounds} rounds of a second in turns: what else the machine does can only slow a round down. Goal: without a token 0.8 of bare Fastify sending the same bytes.`,
    columns: ['server', 'per second', 'CPU us each', 'of bare'],
    rows: contenders.map(({ name }, i) => {
      const { requestsPerSecond = NaN, cpuUsPerRequest = NaN } = bests[i] ?? {};
      return [name, requestsPerSecond.toFixed(0), cpuUsPerRequest.toFixed(1), (requestsPerSecond / bare).toFixed(2)];
    }),
  };
}

async function start(redisUrl: string): Promise<Contender[]> {
  const app = await startApp(redisUrl);
  const answer = await fetch(app.url);
  const body = Buffer.from(await answer.arrayBuffer());
  const own = new Set(['date', 'connection', 'keep-alive', 'content-length']);
  const headers = [...answer.headers].filter(([name]) => !own.has(name));
  const plain = headers.filter(([name]) => name === 'content-type');
  return [
    { name: 'bare Fastify', server: await startBare(body, plain) },
    { name: 'bare Fastify with the same headers', server: await startBare(body, headers) },
    { name: 'the application', server: app },
    { name: 'the application, with a token', server: { ...app, headers: app.viewer, close: () => Promise.resolve() } },
    { name: 'the application, jsonBytes off', server: await startApp(redisUrl, 'jsonBytes') },
  ];
}

async function startBare(body: Buffer, headers: readonly (readonly [string, string])[]): Promise<ProbeServer> {
  const server = fastify();
  const fixed = Object.fromEntries(headers);
  server.get('/v1/posts/:id', (_request, reply) => {
    reply.headers(fixed).send(body);
  });
  const origin = await server.listen({ host: '127.0.0.1', port: 0 });
  return { url: `${origin}/v1/posts/1`, headers: {}, close: () => server.close() };
}

/** The whole of it: store, caches, Redis, one post. */
async function startApp(
  redisUrl: string,
  without = 'nothing',
): Promise<ProbeServer & { viewer: Record<string, string> }> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-viral-'));
  const env = { DATA_DIR: dir, REDIS_URL: redisUrl, PORT: '0', RATE_LIMITS: 'off', LOG_LEVEL: 'warn' };
  const config = readConfig({ ...env, CACHE_WITHOUT: without });
  const service = await startService('bench', config, () => [SocialModule, TimelineModule]);
  const send = async (path: string, body: object, token?: string) => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(service.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return (await answer.json()) as { id: string; token: string };
  };
  const { token } = await send('/v1/users', { handle: 'viral', password: 'correct horse' });
  const { id } = await send(
    '/v1/posts',
    { text: 'A post of about the usual length, which everybody reads. '.repeat(4) },
    token,
  );
  const close = async (): Promise<void> => {
    await service.stop();
    rmSync(dir, { recursive: true });
  };
  return { url: `${service.url}/v1/posts/${id}`, headers: {}, viewer: { authorization: `Bearer ${token}` }, close };
}

const best = (all: readonly Throughput[]): Throughput => ({
  requestsPerSecond: Math.max(...all.map((one) => one.requestsPerSecond)),
  cpuUsPerRequest: Math.min(...all.map((one) => one.cpuUsPerRequest)),
});
