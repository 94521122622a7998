export { type Technique, TECHNIQUES } from './techniques.ts';
export type { AuthConfig, Config, FanoutConfig, FeedConfig, HttpConfig, LogLevel } from './config.ts';
export type { RedisConfig, RedisTarget, StoreConfig } from './config.ts';
export { ConfigError, type ConfigProblem } from './config-error.ts';
export { openSecret } from './open-secret.ts';
export { readConfig } from './read-config.ts';
