export { ManualClock, settle } from './manual-clock.ts';
export { seededChance } from './seeded-chance.ts';
export { until } from './until.ts';
export { tempDir } from './temp-dir.ts';
export { startTestRedis, type TestRedis } from './test-redis.ts';
