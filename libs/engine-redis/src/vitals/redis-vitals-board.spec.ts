import type { Vitals } from '#observability';
import { ManualClock, startTestRedis, type TestRedis } from '#test';
import { connectRedis, type RedisClient } from '../connection/connect-redis.ts';
import { RedisVitalsBoard } from './redis-vitals-board.ts';

const vitalsOf = (instance: string, atMs: number): Vitals => ({
  instance,
  service: 'post-service',
  startedAtMs: 1,
  atMs,
  windowMs: 10_000,
  gains: { 'feed_reads_total|complete': 7 },
  drift: 0,
  loop: { p99Ms: 1.5, longestMs: 3 },
});

describe('RedisVitalsBoard', () => {
  const clock = new ManualClock();
  let redis: TestRedis;
  let client: RedisClient;
  let board: RedisVitalsBoard;
  beforeAll(async () => {
    redis = await startTestRedis();
    client = connectRedis({ urls: [redis.url], name: 'test', onError: () => undefined, patient: true });
    board = new RedisVitalsBoard(client, 'gs:vitals', clock);
  });
  afterAll(() => redis.stop());

  it('shows the last word of every instance', async () => {
    const [one, other] = [vitalsOf('a', clock.now()), vitalsOf('b', clock.now())];
    await board.publish({ ...one, drift: 1 });
    await Promise.all([board.publish(one), board.publish(other)]);
    const all = await board.list();
    expect(all.sort((a, b) => a.instance.localeCompare(b.instance))).toEqual([one, other]);
  });

  it('leaves out those that have gone, and forgets them', async () => {
    await board.publish(vitalsOf('gone', clock.now() - 10_000));
    await board.publish(vitalsOf('forgotten', clock.now() - 100_000));
    const seen = await board.list();
    expect(seen.map(({ instance }) => instance)).not.toContain('gone');
    expect((await client.hkeys('gs:vitals')).sort()).toEqual(['a', 'b', 'gone']);
  });

  it('is unavailable when Redis is away', async () => {
    client.disconnect();
    await expect(board.publish(vitalsOf('a', clock.now()))).rejects.toMatchObject({ code: 'unavailable' });
  });
});
