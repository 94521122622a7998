import { setTimeout as delay } from 'node:timers/promises';
import { connectRedis, type RedisClient, RedisSharedTier } from '#engine-redis';
import { startTestRedis, type TestRedis } from '#test';
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

let runs = 0;
// Redis keeps its own time, which only waiting moves; the suite waits some ten milliseconds in all.
sharedTierSuite('Redis', () => ({
  tier: new RedisSharedTier(redis, { prefix: `${++runs}:` }),
  pass: (ms) => delay(ms),
}));
