import type { UserId } from '#ids';
import { goalOf, type Section } from '../report/report.ts';
import { type FeedServer, TEXT } from './feed-server.ts';
import { memory } from './memory.ts';
import { median, ms, quantile } from './quantiles.ts';
import type { Sizes } from './sizes.ts';
import { untilFinished, untilIdle } from './until-idle.ts';
import { warmInboxes } from './warm-inboxes.ts';
import { benchmarkZadd, dropSets, fillSets, pipelinedZadd } from './zadd-peers.ts';

const LAG_SUM = 'fanout_lag_seconds_sum';
const WARM_UPS = 2;

/** From the answer to a post to the last of very many warm inboxes, beside sorted sets on the same Redis. */
export async function fanOut(server: FeedServer, sizes: Sizes): Promise<Section[]> {
  const { crowd, fanouts, fullSets } = sizes;
  const [author] = (await server.users('crowd_author', 1)) as [UserId];
  const followers = await server.users('crowd', crowd);
  await server.follows(followers.map((follower) => [follower, author]));
  await warmInboxes(server.redis, followers);
  const bench = [await benchmarkZadd(server.redisPort, sizes)];
  await postAndWait(server, author, WARM_UPS, crowd);
  const lags: number[] = [];
  for (let third = 0; third < 3; third++) {
    lags.push(...(await postAndWait(server, author, Math.ceil(fanouts / 3), crowd)));
    bench.push(await benchmarkZadd(server.redisPort, sizes));
  }
  const smallSets = await pipelinedZadd(server.redis, crowd, 1);
  await dropSets(server.redis);
  await fillSets(server.redis, fullSets);
  const fullPerSecond = await pipelinedZadd(server.redis, fullSets, Math.ceil(crowd / fullSets));
  await dropSets(server.redis);

  const perSecond = (1000 * crowd) / median(lags);
  const benchmark = median(bench);
  const row = (name: string, rate: number) => [name, rate.toFixed(0), (rate / benchmark).toFixed(2)];
  const weight = await memory(server, followers, sizes);
  const delivered: Section = {
    title: `A post to ${crowd} warm inboxes`,
    about:
      `From the 201 to the last inbox, the middle of ${fanouts} posts one after the other: ${ms(median(lags))} ms ` +
      `(p90 ${ms(quantile(lags, 0.9))} ms). Inboxes are at their cap and trimmed on the way. ` +
      'redis-benchmark adds to as many sorted sets, which begin empty (before, between and after; the middle).',
    columns: ['way', 'deliveries/s', 'of redis-benchmark'],
    rows: [
      row('fan-out through the application', perSecond),
      row('redis-benchmark, ZADD, 8 clients, -P 64, short sets', benchmark),
      row('ZADD per follower, pipelines of 1000 from Node, short sets', smallSets),
      row(`ZADD per follower, pipelines of 1000 from Node, ${fullSets} sets of 764 entries`, fullPerSecond),
    ],
    goals: [
      goalOf(`deliveries/s to ${crowd} warm inboxes, of redis-benchmark's ZADD`, perSecond / benchmark, '>=', 1.5),
    ],
  };
  return [delivered, weight];
}

/** @returns for each post, milliseconds from its answer to its last inbox, by the server's own clock */
async function postAndWait(server: FeedServer, author: UserId, posts: number, crowd: number): Promise<number[]> {
  const token = await server.tokenOf(author);
  const lags: number[] = [];
  await untilIdle(server);
  let before = await server.samples();
  for (let i = 0; i < posts; i++) {
    await server.call('POST', '/v1/posts', { text: TEXT }, token);
    const after = await untilFinished(server, before, 1);
    const written = after.sum('fanout_deliveries_total', WARM) - before.sum('fanout_deliveries_total', WARM);
    if (written !== crowd) throw new Error(`${written} inboxes took the post instead of ${crowd}`);
    lags.push(1000 * (after.sum(LAG_SUM) - before.sum(LAG_SUM)));
    before = after;
  }
  return lags;
}

const WARM = { inbox: 'warm' };
