import type { Section } from '../report/report.ts';
import type { FeedServer } from './feed-server.ts';
import { ms, quantile } from './quantiles.ts';
import type { Readers } from './readers.ts';
import type { Sizes } from './sizes.ts';
import { inboxKey } from './warm-inboxes.ts';

/** The first page of a viewer whose inbox is gone: it is built from the authors' timelines, full, before the answer. */
export async function rebuild(
  server: FeedServer,
  { viewers }: Readers,
  { rebuilds, readers }: Sizes,
): Promise<Section> {
  const cold: number[] = [];
  const warm: number[] = [];
  let entries = 0;
  for (let i = 0; i < rebuilds; i++) {
    const viewer = viewers[i % viewers.length];
    if (viewer === undefined) throw new Error('no viewers');
    const token = await server.tokenOf(viewer);
    await server.redis.del(inboxKey(viewer));
    cold.push(await timePage(server, token));
    warm.push(await timePage(server, token));
    entries = ((await server.redis.strlen(inboxKey(viewer))) - 48) / 16;
  }
  const row = (name: string, times: readonly number[]) => [name, ...[0.5, 0.9, 1].map((q) => ms(quantile(times, q)))];
  return {
    title: 'A cold inbox is built',
    about: `${rebuilds} times the first page after the inbox was dropped: ${entries} entries from ${readers.ordinary} authors' timelines, and the page itself.`,
    columns: ['page', 'p50 ms', 'p90 ms', 'max ms'],
    rows: [row('cold', cold), row('warm', warm)],
  };
}

async function timePage(server: FeedServer, token: string): Promise<number> {
  const startMs = performance.now();
  const { state } = await server.call<{ state: string }>('GET', '/v1/feed', undefined, token);
  if (state !== 'complete') throw new Error(`the page was ${state}`);
  return performance.now() - startMs;
}
