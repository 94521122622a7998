import { newId } from './bench-engine.ts';
import type { Section } from '../report/report.ts';
import { ViewRecorder } from '#counters';
import { connectRedis, RedisViewBuffer } from '#engine-redis';
import type { PostId } from '#ids';
import { systemClock } from '#kernel';
import { startTestRedis } from '#test';

const PAGES = 20_000;
const POSTS = 5_000;

/** What a page of twenty served posts costs in views, and the write-behind of a round. */
export async function views(): Promise<Section> {
  const server = await startTestRedis();
  const redis = connectRedis({ urls: [server.url], name: 'bench', onError: () => undefined, patient: true });
  const buffer = new RedisViewBuffer(redis, systemClock);
  const recorder = new ViewRecorder({ buffer, clock: systemClock, chance: Math.random });
  const posts = Array.from({ length: POSTS }, newId) as PostId[];
  const page = () => Array.from({ length: 20 }, () => posts[Math.floor(POSTS * Math.random() ** 2)] ?? (1n as PostId));
  const pages = Array.from({ length: PAGES }, page);
  const recordMs = await timeMs(() => pages.forEach((entries) => entries.forEach((post) => recorder.record(post))));
  const flushMs = await timeMs(() => recorder.flush());
  const readMs = await timeMs(async () => {
    for (const entries of pages.slice(0, 500)) await buffer.waiting(entries);
  });
  redis.disconnect();
  await server.stop();
  return {
    title: 'Views',
    about: `${PAGES} pages of 20 posts out of ${POSTS}, popular ones more often; one round of write-behind; reads of a page's views from 4 buckets.`,
    columns: ['work', 'us'],
    rows: [
      ['recording the views of one page', ((1000 * recordMs) / PAGES).toFixed(2)],
      [`writing a round of ${POSTS} posts`, (1000 * flushMs).toFixed(0)],
      ['reading the waiting views of one page', ((1000 * readMs) / 500).toFixed(0)],
    ],
  };
}

async function timeMs(work: () => unknown): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}
