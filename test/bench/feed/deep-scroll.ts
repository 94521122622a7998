import { setTimeout } from 'node:timers/promises';
import type { UserId } from '#ids';
import type { Section } from '../report/report.ts';
import type { FeedServer } from './feed-server.ts';
import { ms, quantile } from './quantiles.ts';
import { type Readers, rounds } from './readers.ts';
import type { Sizes } from './sizes.ts';
import { untilIdle } from './until-idle.ts';

interface Page {
  readonly items: readonly { readonly id: string }[];
  readonly nextCursor: string | null;
  readonly state: string;
}

/** A viewer who follows thousands, celebrities among them, scrolls from the top down far below the inbox. */
export async function deepScroll(
  server: FeedServer,
  { celebrities }: Readers,
  { deep, pages }: Sizes,
): Promise<Section> {
  const [viewer] = (await server.users('deep_viewer', 1)) as [UserId];
  const ordinary = await server.users('followed', deep.follows - celebrities.length);
  const authors = [...celebrities, ...ordinary];
  await server.posts(rounds(authors, Math.ceil(deep.posts / authors.length)).slice(0, deep.posts));
  await server.follows(authors.map((author) => [viewer, author]));
  await untilIdle(server);
  await setTimeout(deep.ageMs);
  const token = await server.tokenOf(viewer);
  const cold = await scroll(server, token, 1);
  const first = await scroll(server, token, pages); // makes the older segments
  const again = await scroll(server, token, pages);
  const row = (name: string, times: readonly number[]) => [
    name,
    ...[1, 50, 500].map((page) => (times.length >= page ? ms(times[page - 1] ?? 0) : '-')),
    ...[0.5, 0.99, 1].map((q) => ms(quantile(times, q))),
  ];
  return {
    title: `Deep scroll, ${deep.follows} followed, ${celebrities.length} of them celebrities`,
    about:
      `${pages} pages of 20, each post seen once. The first page of a cold inbox took ${ms(cold[0] ?? 0)} ms. Below the inbox, ` +
      'one pass over all followed authors serves some 40 pages; whoever scrolls again within minutes finds them made.',
    columns: ['scroll', 'page 1 ms', 'page 50 ms', 'page 500 ms', 'p50 ms', 'p99 ms', 'max ms'],
    rows: [row('first', first), row('again', again)],
  };
}

async function scroll(server: FeedServer, token: string, pages: number): Promise<number[]> {
  const times: number[] = [];
  const seen = new Set<string>();
  let cursor: string | null = null;
  while (times.length < pages) {
    const position: string = cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`;
    const startMs = performance.now();
    const page: Page = await server.call<Page>('GET', `/v1/feed${position}`, undefined, token);
    times.push(performance.now() - startMs);
    if (page.state === 'rebuilding') {
      times.pop();
      continue;
    }
    for (const { id } of page.items) {
      if (seen.has(id)) throw new Error(`${id} was shown twice`);
      seen.add(id);
    }
    cursor = page.nextCursor;
    if (cursor === null) break;
  }
  return times;
}
