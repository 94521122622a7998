import { setTimeout as delay } from 'node:timers/promises';
import type { RedisClient } from '#engine-redis';
import type { UserId } from '#ids';
import { goalOf, type Section } from '../report/report.ts';
import { underBigPosts } from './big-posts.ts';
import { type FeedServer, TEXT } from './feed-server.ts';
import { ms, quantile } from './quantiles.ts';
import type { Sizes } from './sizes.ts';
import { untilIdle } from './until-idle.ts';
import { inboxKey, warmInboxes } from './warm-inboxes.ts';

const FOLLOWERS = 10;
const PAUSE_MS = 15;

/** What a small author's followers notice of big authors' fan-outs. */
export async function fairness(
  server: FeedServer,
  big: readonly UserId[],
  { probes, ...sizes }: Sizes,
): Promise<Section> {
  const [author] = (await server.users('small_author', 1)) as [UserId];
  const followers = await server.users('few', FOLLOWERS);
  await server.follows(followers.map((follower) => [follower, author]));
  await warmInboxes(server.redis, followers);
  const token = await server.tokenOf(author);
  const probe = (): Promise<number[]> => lagsOf(server, token, followers.map(inboxKey), probes);
  await probe();
  await untilIdle(server);
  const idle = await probe();
  const busy = await underBigPosts(server, big, probe);
  await untilIdle(server);
  const idleAgain = await probe();
  const calm = [...idle, ...idleAgain];
  const row = (name: string, lags: readonly number[]) => [
    name,
    ...[0.5, 0.9, 0.99, 1].map((q) => ms(quantile(lags, q))),
  ];
  const ratio = quantile(busy, 0.99) / quantile(calm, 0.99);
  return {
    title: 'A small post beside big ones',
    about:
      `From the 201 of a post to its being in all ${FOLLOWERS} inboxes, seen from outside (by asking Redis again and again), ` +
      `${probes} posts a row, while posts to ${sizes.big.followers} followers are fanned out without pause. ` +
      'The idle rows are measured before and after.',
    columns: ['beside', 'p50 ms', 'p90 ms', 'p99 ms', 'max ms'],
    rows: [row('nothing', idle), row('big fan-outs', busy), row('nothing, again', idleAgain)],
    goals: [goalOf('delivery p99 of a small post beside big ones, of its idle p99', ratio, '<=', 3, ' x')],
  };
}

async function lagsOf(server: FeedServer, token: string, inboxes: readonly Buffer[], posts: number): Promise<number[]> {
  const lags: number[] = [];
  for (let i = 0; i < posts; i++) {
    const { id } = await server.call<{ id: string }>('POST', '/v1/posts', { text: TEXT }, token);
    const acceptedMs = performance.now();
    await untilDelivered(server.redis, inboxes, BigInt(id));
    lags.push(performance.now() - acceptedMs);
    await delay(PAUSE_MS);
  }
  return lags;
}

async function untilDelivered(redis: RedisClient, inboxes: readonly Buffer[], post: bigint): Promise<void> {
  for (;;) {
    const newest = await Promise.all(inboxes.map((key) => redis.getrangeBuffer(key, -16, -9)));
    if (newest.every((id) => id.length === 8 && id.readBigUInt64BE() >= post)) return;
    await delay(1);
  }
}
