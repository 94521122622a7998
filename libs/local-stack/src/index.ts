export { checkRedis, type RedisRole } from './redis/check-redis.ts';
export { provideRedis, type ProvidedRedis } from './redis/provide-redis.ts';
export { findRedisProgram } from './redis/redis-program.ts';
export { type RedisServer, type RedisServerOptions, startRedisServer } from './redis/redis-server.ts';
export { freePort, freePorts } from './free-ports.ts';
export { LocalServer, type ServerSpec } from './local-server.ts';
export { StackError } from './stack-error.ts';
export type { Environment, StackOptions } from './stack-options.ts';
