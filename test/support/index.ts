export { ManualClock, settle } from './manual-clock.ts';
export { seededChance } from './seeded-chance.ts';
export { until } from './until.ts';
export { tempDir } from './temp-dir.ts';
export { startTestRedis, type TestRedis } from './test-redis.ts';
export { type ApiAnswer, ApiClient, type ApiPage, type ApiPost } from './api-client.ts';
export { ServerProcess } from './server-process.ts';
export { vitalsOf } from './vitals-of.ts';
export { EventStream, type StreamEvent } from './event-stream.ts';
