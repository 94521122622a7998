import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '#test';
import { crowd } from '../counters/http-crowd.ts';
import { startServerChild } from '../counters/server-child.ts';
import { goalOf, type Section } from '../report/report.ts';
import type { FeedServer } from './feed-server.ts';
import { median } from './quantiles.ts';
import type { Readers } from './readers.ts';
import { scrape } from './samples.ts';
import type { Sizes } from './sizes.ts';

const PATH = '/v1/feed?limit=20';

/** Pages of warm viewers who follow many celebrities, beside bare Fastify that sends the bytes of one such page. */
export async function feedPage(server: FeedServer, { viewers }: Readers, sizes: Sizes): Promise<Section> {
  const { readers, rounds, roundMs } = sizes;
  const tokens = await Promise.all(viewers.map((viewer) => server.tokenOf(viewer)));
  for (const token of tokens) await server.call('GET', PATH, undefined, token);
  const page = await (
    await fetch(server.url + PATH, { headers: { authorization: `Bearer ${tokens[0] ?? ''}` } })
  ).text();
  checkPage(page);
  const dir = tempDir();
  const file = join(dir.path, 'page.json');
  writeFileSync(file, page);
  const bare = await startServerChild(['..', 'feed', 'bare-page-server.js'], { PAGE: file });
  const requests = tokens.map((token) => [requestOf(token)]);
  const origins = [bare.url, server.url];
  for (const origin of origins) await crowd(origin, requests, roundMs);
  const figures: Round[][] = [[], []];
  for (let round = 0; round < rounds; round++)
    for (const [i, origin] of origins.entries()) figures[i]?.push(await measure(origin, requests, roundMs));
  await bare.stop();
  dir.remove();

  const ratios = figures[1]?.map((own, i) => own.perSecond / (figures[0]?.[i]?.perSecond ?? 0)) ?? [];
  const row = (name: string, own: readonly Round[], ratio: number) => [
    name,
    median(own.map(({ perSecond }) => perSecond)).toFixed(0),
    median(own.map(({ p50Ms }) => p50Ms)).toFixed(2),
    median(own.map(({ p99Ms }) => p99Ms)).toFixed(2),
    median(own.map(({ cpuUs }) => cpuUs)).toFixed(0),
    ratio.toFixed(2),
  ];
  return {
    title: `A page of 20 posts, ${readers.celebrities} celebrities followed`,
    about:
      `${viewers.length} warm viewers who also follow ${readers.ordinary} ordinary authors, one connection each, ${page.length} bytes a page. ` +
      'Each reads its first page again and again, which is remembered while nothing in it changes. ' +
      `${rounds} rounds of ${roundMs / 1000} s in turns; the ratio is the middle of the rounds' ratios. CPU is that of the server's process alone.`,
    columns: ['server', 'pages/s', 'p50 ms', 'p99 ms', 'CPU us a page', 'of bare'],
    rows: [row('bare Fastify', figures[0] ?? [], 1), row('the application', figures[1] ?? [], median(ratios))],
    goals: [goalOf('feed pages/s, of bare Fastify sending the same bytes', median(ratios), '>=', 0.4)],
  };
}

interface Round {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the server's process, for each page. */
  readonly cpuUs: number;
}

async function measure(origin: string, requests: readonly (readonly Buffer[])[], forMs: number): Promise<Round> {
  const cpuS = async () => (await scrape(`${origin}/metrics`)).sum('process_cpu_seconds_total');
  const before = await cpuS();
  const startMs = performance.now();
  const figures = await crowd(origin, requests, forMs);
  const pages = (figures.perSecond * (performance.now() - startMs)) / 1000;
  return { ...figures, cpuUs: (1e6 * ((await cpuS()) - before)) / pages };
}

function requestOf(token: string): Buffer {
  return Buffer.from(`GET ${PATH} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer ${token}\r\n\r\n`);
}

function checkPage(page: string): void {
  const { items, state } = JSON.parse(page) as { items: unknown[]; state: string };
  if (items.length !== 20 || state !== 'complete') throw new Error(`a page of ${items.length} posts, ${state}`);
}
