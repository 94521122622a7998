import { connectRedis, type RedisClient, RedisSharedTier } from '#engine-redis';
import { startTestRedis, type TestRedis, until } from '#test';
import { sharedTierSuite } from './shared-tier-suite.ts';

let server: TestRedis;
let redis: RedisClient;

beforeAll(async () => {
  server = await startTestRedis();
  redis = connectRedis({ urls: [server.url], name: 'test', onError: () => undefined, patient: true });
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

/** The server's own time in milliseconds: what the expiry of its keys goes by. */
async function serverMs(): Promise<number> {
  const [seconds, micros] = await redis.time();
  return Number(seconds) * 1000 + Number(micros) / 1000;
}

let runs = 0;
sharedTierSuite('Redis', () => ({
  tier: new RedisSharedTier(redis, { prefix: `${++runs}:` }),
  pass: async (ms) => {
    const endMs = (await serverMs()) + ms;
    await until(serverMs, (nowMs) => nowMs >= endMs, { everyMs: 1 });
  },
}));
