import { ManualClock, startTestRedis, type TestRedis, vitalsOf } from '#test';
import { connectRedis, type RedisClient } from '../connection/connect-redis.ts';
import { RedisVitalsBoard } from './redis-vitals-board.ts';

const vitalsAt = (instance: string, atMs: number) => vitalsOf(instance, { 'feed_reads_total|complete': 7 }, { atMs });

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
    const [one, other] = [vitalsAt('a', clock.now()), vitalsAt('b', clock.now())];
    await board.publish({ ...one, drift: 1 });
    await Promise.all([board.publish(one), board.publish(other)]);
    const all = await board.list();
    expect(all.sort((a, b) => a.instance.localeCompare(b.instance))).toEqual([one, other]);
  });

  it('leaves out those that have gone, and forgets them', async () => {
    await board.publish(vitalsAt('gone', clock.now() - 10_000));
    await board.publish(vitalsAt('forgotten', clock.now() - 100_000));
    const seen = await board.list();
    expect(seen.map(({ instance }) => instance)).not.toContain('gone');
    expect((await client.hkeys('gs:vitals')).sort()).toEqual(['a', 'b', 'gone']);
  });

  it('is unavailable when Redis is away', async () => {
    client.disconnect();
    await expect(board.publish(vitalsAt('a', clock.now()))).rejects.toMatchObject({ code: 'unavailable' });
  });
});
