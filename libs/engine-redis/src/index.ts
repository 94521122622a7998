export { connectRedis, type ConnectOptions, isCluster, type RedisClient } from './connection/connect-redis.ts';
export { RedisPostBus, type RedisPostBusOptions } from './bus/redis-post-bus.ts';
export { type RedisInboxOptions, RedisInboxStore } from './inbox/redis-inbox-store.ts';
export { BullFanoutQueue } from './queue/bull-fanout-queue.ts';
export * from './cache/index.ts';
export * from './views/index.ts';
