import { newId } from './bench-engine.ts';
import { crowd, type CrowdFigures } from './http-crowd.ts';
import { goalOf, type Section } from '../report/report.ts';
import { type ServerChild, startServerChild } from './server-child.ts';
import { Tokens } from '#auth';
import type { UserId } from '#ids';
import { systemClock } from '#kernel';
import { ApiClient, startTestRedis, tempDir } from '#test';

const SECRET = 'a secret for the bench, long enough';
const USERS = 128;
/** Each connection stands for some users, who like one after the other and then take it back one after the other. */
const USERS_PER_CONNECTION = 20;
const ENOUGH_PER_SECOND = 20_000;
const ROUNDS = 5;
const ROUND_MS = 4_000;

/** Likes of one viral post through the whole application on LMDB, and the same requests to bare Fastify, in turns. */
export async function likesOverHttp(roundMs = ROUND_MS): Promise<Section> {
  const redis = await startTestRedis();
  const dir = tempDir();
  const env = { REDIS_URL: redis.url, DATA_DIR: dir.path, AUTH_SECRET: SECRET, RATE_LIMITS: 'off', LOG_LEVEL: 'warn' };
  const app = await startServerChild(['..', '..', '..', 'apps', 'standalone', 'src', 'main.js'], env);
  const bare = await startServerChild(['bare-like-server.js'], {});
  const author = await ApiClient.register(app.url, `author${newId()}`);
  const post = await author.post('Like this one.');
  const targets = [
    { name: 'bare Fastify', ...bare },
    { name: 'the application on LMDB', ...app },
  ];
  const figures = await measure(targets, await requestsFor(post.id), roundMs);
  for (const target of targets) await target.stop();
  await redis.stop();
  dir.remove();
  return {
    title: 'Likes of one post over HTTP',
    about: `${USERS} connections, real changes only (each user likes, then takes it back), best of ${ROUNDS} rounds of ${roundMs / 1000} s in turns. Server and crowd share the machine.`,
    columns: ['server', 'per second', 'p50 ms', 'p99 ms', 'of bare'],
    rows: targets.map(({ name }, i) => {
      const own = figures[i];
      const base = figures[0];
      if (!own || !base) throw new Error('a server was not measured');
      const ratio = (own.perSecond / base.perSecond).toFixed(2);
      return [name, own.perSecond.toFixed(0), own.p50Ms.toFixed(1), own.p99Ms.toFixed(1), ratio];
    }),
    goals: [
      goalOf(
        'likes over HTTP against 20,000/s or half of bare Fastify, whichever is less',
        shareOf(figures),
        '>=',
        1,
        ' x',
      ),
    ],
  };
}

function shareOf([bare, app]: readonly CrowdFigures[]): number {
  return (app?.perSecond ?? NaN) / Math.min(ENOUGH_PER_SECOND, (bare?.perSecond ?? NaN) / 2);
}

async function measure(
  targets: readonly ServerChild[],
  requests: readonly (readonly Buffer[])[],
  roundMs: number,
): Promise<CrowdFigures[]> {
  const rounds: CrowdFigures[][] = targets.map(() => []);
  for (const { url } of targets) await crowd(url, requests, roundMs / 2);
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, { url }] of targets.entries()) rounds[i]?.push(await crowd(url, requests, roundMs));
  return rounds.map((own) => own.reduce((best, round) => (round.perSecond > best.perSecond ? round : best)));
}

async function requestsFor(post: string): Promise<Buffer[][]> {
  const tokens = new Tokens({ secret: SECRET, ttlMs: 3_600_000, clock: systemClock });
  const connections: Buffer[][] = [];
  for (let connection = 0; connection < USERS; connection++) {
    const users = Array.from({ length: USERS_PER_CONNECTION }, () => tokens.issue({ userId: newId() as UserId }));
    const issued = await Promise.all(users);
    const all = (method: string) =>
      issued.map(({ token }) =>
        Buffer.from(`${method} /v1/posts/${post}/like HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`),
      );
    connections.push([...all('PUT'), ...all('DELETE')]);
  }
  return connections;
}
