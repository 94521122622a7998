import { connectRedis, type RedisClient, RedisPrewarmings } from '#engine-redis';
import { createLogger } from '#observability';
import { ManualClock, startTestRedis, type TestRedis, until } from '#test';
import { Prewarms } from './prewarms.ts';

const logger = createLogger({ level: 'silent', service: 'test' });
const WANTED = { regions: { post: ['7'], counts: ['7'] }, forMs: 60_000 };

describe('Prewarms', () => {
  const clock = new ManualClock();
  let server: TestRedis;
  let redis: RedisClient;
  let warmed: string[];
  beforeAll(async () => {
    server = await startTestRedis();
    redis = connectRedis({ urls: [server.url], name: 'test', onError: () => undefined, patient: true });
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });
  beforeEach(() => (warmed = []));

  function process(name: string): Prewarms {
    const prewarm = (region: string, keys: readonly string[], forMs = 0): Promise<boolean> => {
      warmed.push(`${name}: ${region} ${keys.join()} for ${forMs}`);
      return Promise.resolve(true);
    };
    return new Prewarms(new RedisPrewarmings(redis, 'prewarmings', clock), { prewarm }, clock, logger);
  }
  /** Second by second, as the list is looked at; Redis is a real one. */
  async function pass(seconds: number): Promise<void> {
    for (let i = 0; i < seconds; i++) {
      await clock.advance(1_000);
      await redis.ping();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  it('warms at once what is not ahead of its time', async () => {
    await process('one').order(WANTED, 0);
    expect(warmed).toEqual(['one: post 7 for 60000', 'one: counts 7 for 60000']);
  });

  it('warms at its time, once, by an instance that was not asked, when the one that was is gone', async () => {
    const [asked, other] = [process('asked'), process('other')];
    asked.start();
    await asked.order(WANTED, 10_000);
    await asked.stop();
    other.start();
    await pass(8);
    expect(warmed).toEqual([]);
    await until(async () => (await pass(1), warmed.length > 0));
    expect(warmed).toEqual(['other: post 7 for 60000', 'other: counts 7 for 60000']);
    await pass(5);
    expect(warmed).toHaveLength(2);
    expect(await redis.exists('prewarmings')).toBe(0);
    await other.stop();
  });
});
