export { connectRedis, type ConnectOptions, isCluster, type RedisClient } from './connection/connect-redis.ts';
export { RedisPostBus, type RedisPostBusOptions } from './bus/redis-post-bus.ts';
export { type RedisInboxOptions, RedisInboxStore } from './inbox/redis-inbox-store.ts';
export { BullFanoutInspector } from './queue/bull-fanout-inspector.ts';
export { BullFanoutQueue } from './queue/bull-fanout-queue.ts';
export { BullQueues } from './queue/bull-queues.ts';
export * from './cache/index.ts';
export * from './views/index.ts';
export { RedisVitalsBoard } from './vitals/redis-vitals-board.ts';
