export { connectRedis, type ConnectOptions, isCluster, type RedisClient } from './connection/connect-redis.ts';
export { type RedisInboxOptions, RedisInboxStore } from './inbox/redis-inbox-store.ts';
export * from './cache/index.ts';
