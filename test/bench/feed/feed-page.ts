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
  const firsts = await Promise.all(tokens.map((token) => readPage(server, PATH, token)));
  const seconds = firsts.map(({ nextCursor }) => `${PATH}&cursor=${nextCursor ?? ''}`);
  const page = firsts[0]?.text ?? '';
  const dir = tempDir();
  const file = join(dir.path, 'page.json');
  writeFileSync(file, page);
  const bare = await startServerChild(['..', 'feed', 'bare-page-server.js'], { PAGE: file });
  const first = tokens.map((token) => [requestOf(PATH, token)]);
  const inTurns = tokens.map((token, i) => [requestOf(PATH, token), requestOf(seconds[i] ?? PATH, token)]);
  const contenders: Contender[] = [
    { name: 'bare Fastify', origin: bare.url, requests: first, figures: [] },
    { name: 'the application, the same page again', origin: server.url, requests: first, figures: [] },
    { name: 'the application, first and second page in turns', origin: server.url, requests: inTurns, figures: [] },
  ];
  for (const { origin, requests } of contenders) await crowd(origin, requests, roundMs);
  for (let round = 0; round < rounds; round++)
    for (const { origin, requests, figures } of contenders) figures.push(await measure(origin, requests, roundMs));
  await bare.stop();
  dir.remove();

  const ratioOf = ({ figures }: Contender) =>
    median(figures.map((own, i) => own.perSecond / (contenders[0]?.figures[i]?.perSecond ?? 0)));
  const [again, anew] = contenders.slice(1).map(ratioOf);
  return {
    title: `A page of 20 posts, ${readers.celebrities} celebrities followed`,
    about:
      `${viewers.length} warm viewers who also follow ${readers.ordinary} ordinary authors, one connection each, ${page.length} bytes a page. ` +
      'A first page that is read again and again is remembered while nothing in it changes; who reads two in turns has each of them made. ' +
      `${rounds} rounds of ${roundMs / 1000} s in turns; the ratio is the middle of the rounds' ratios. CPU is that of the server's process alone.`,
    columns: ['server', 'pages/s', 'p50 ms', 'p99 ms', 'CPU us a page', 'of bare'],
    rows: contenders.map((contender) => rowOf(contender, ratioOf(contender))),
    goals: [
      goalOf('feed pages/s, read again, of bare Fastify sending the same bytes', again ?? 0, '>=', 0.4),
      goalOf('feed pages/s, made anew, of bare Fastify sending the same bytes', anew ?? 0, '>=', 0.4),
    ],
  };
}

interface Contender {
  readonly name: string;
  readonly origin: string;
  /** What each connection sends, over and over. */
  readonly requests: readonly (readonly Buffer[])[];
  readonly figures: Round[];
}

function rowOf({ name, figures }: Contender, ratio: number): string[] {
  return [
    name,
    median(figures.map(({ perSecond }) => perSecond)).toFixed(0),
    median(figures.map(({ p50Ms }) => p50Ms)).toFixed(2),
    median(figures.map(({ p99Ms }) => p99Ms)).toFixed(2),
    median(figures.map(({ cpuUs }) => cpuUs)).toFixed(0),
    ratio.toFixed(2),
  ];
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

function requestOf(path: string, token: string): Buffer {
  return Buffer.from(`GET ${path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer ${token}\r\n\r\n`);
}

/** Twice: the first time builds the inbox. */
async function readPage(server: FeedServer, path: string, token: string) {
  await server.call('GET', path, undefined, token);
  const text = await (await fetch(server.url + path, { headers: { authorization: `Bearer ${token}` } })).text();
  const { items, state, nextCursor } = JSON.parse(text) as { items: unknown[]; state: string; nextCursor?: string };
  if (items.length !== 20 || state !== 'complete') throw new Error(`a page of ${items.length} posts, ${state}`);
  return { text, nextCursor };
}
