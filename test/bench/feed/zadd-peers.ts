import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { RedisClient } from '#engine-redis';
import type { Sizes } from './sizes.ts';

const run = promisify(execFile);
const PIPELINE = 1_000;
const FULL_ENTRIES = 764;

/** `redis-benchmark`'s pipelined ZADD over as many keys as there are inboxes: 8 clients, 64 commands in a pipeline. */
export async function benchmarkZadd(port: string, { crowd, peerAdds }: Sizes): Promise<number> {
  const load = ['-p', port, '-c', '8', '-P', '64', '-n', String(peerAdds), '-r', String(crowd), '--csv'];
  const { stdout } = await run('redis-benchmark', [...load, 'ZADD', 'z:__rand_int__', '__rand_int__', '__rand_int__']);
  const perSecond = Number(/^"ZADD[^"]*","([\d.]+)"/m.exec(stdout)?.[1]);
  if (!(perSecond > 0)) throw new Error(`redis-benchmark said: ${stdout}`);
  return perSecond;
}

/** The usual way: a post is one ZADD for each follower, sent in pipelines from Node. @returns deliveries a second */
export async function pipelinedZadd(redis: RedisClient, sets: number, posts: number): Promise<number> {
  const startMs = performance.now();
  for (let post = 0; post < posts; post++) {
    const score = 1e9 + post;
    for (let at = 0; at < sets; at += PIPELINE) {
      const pipeline = redis.pipeline();
      for (let i = at; i < Math.min(sets, at + PIPELINE); i++) pipeline.zadd(`u:${i}`, score, `post:${score}`);
      await pipeline.exec();
    }
  }
  return (1000 * sets * posts) / (performance.now() - startMs);
}

/** Sorted sets as long as a full inbox. */
export async function fillSets(redis: RedisClient, sets: number): Promise<void> {
  const entries = Array.from({ length: FULL_ENTRIES }, (_, i) => [1e8 + i, `post:${1e8 + i}`]).flat();
  for (let i = 0; i < sets; i++) await redis.zadd(`u:${i}`, ...entries);
}

export async function dropSets(redis: RedisClient): Promise<void> {
  for (const prefix of ['u', 'z']) {
    const script = `local c = '0' repeat local r = redis.call('SCAN', c, 'MATCH', '${prefix}:*', 'COUNT', 5000)
      c = r[1] for _, k in ipairs(r[2]) do redis.call('UNLINK', k) end until c == '0'`;
    await redis.eval(script, 0);
  }
}
