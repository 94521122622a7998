import type { UserId } from '#ids';
import { goalOf, type Section } from '../report/report.ts';
import { underBigPosts } from './big-posts.ts';
import { type FeedServer, TEXT } from './feed-server.ts';
import { ms, quantile } from './quantiles.ts';
import type { Samples } from './samples.ts';
import type { Sizes } from './sizes.ts';
import { untilIdle } from './until-idle.ts';

const AT_ONCE = 4;

interface Creation {
  readonly latencies: readonly number[];
  readonly perSecond: number;
  readonly loop: Samples;
}

/** How long posting takes, and how late the event loop is, while the same process fans out. */
export async function creation(server: FeedServer, big: readonly UserId[], { creations }: Sizes): Promise<Section> {
  const authors = await server.users('writer', 50);
  const tokens = await Promise.all(authors.map((author) => server.tokenOf(author)));
  const post = (): Promise<Creation> => create(server, tokens, creations);
  await post();
  await untilIdle(server);
  const idle = await post();
  const busy = await underBigPosts(server, big, post);
  await untilIdle(server);
  const row = (name: string, { latencies, perSecond, loop }: Creation) => [
    name,
    perSecond.toFixed(0),
    ms(quantile(latencies, 0.5)),
    ms(quantile(latencies, 0.99)),
    ...['0.5', '0.99', '0.999', '1'].map((q) => ms(delayMs(loop, q))),
  ];
  return {
    title: 'Posting while fan-out runs in the same process',
    about: `${creations} posts by authors without followers, ${AT_ONCE} at a time. The event loop's delays as the server sees them.`,
    columns: ['beside', 'posts/s', 'p50 ms', 'p99 ms', 'loop p50 ms', 'loop p99 ms', 'loop p99.9 ms', 'loop max ms'],
    rows: [row('nothing', idle), row('big fan-outs', busy)],
    goals: [goalOf('event-loop delay p99.9 while fan-out runs', delayMs(busy.loop, '0.999'), '<=', 50, ' ms')],
  };
}

async function create(server: FeedServer, tokens: readonly string[], posts: number): Promise<Creation> {
  await server.samples(); // delays count from here
  const latencies: number[] = [];
  let begun = 0;
  const startMs = performance.now();
  const write = async (): Promise<void> => {
    while (begun < posts) {
      const token = tokens[begun++ % tokens.length];
      const atMs = performance.now();
      await server.call('POST', '/v1/posts', { text: TEXT }, token);
      latencies.push(performance.now() - atMs);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, write));
  const perSecond = (1000 * posts) / (performance.now() - startMs);
  return { latencies, perSecond, loop: await server.samples() };
}

function delayMs(samples: Samples, quantile: string): number {
  return 1000 * samples.sum('event_loop_delay_seconds', { quantile });
}
