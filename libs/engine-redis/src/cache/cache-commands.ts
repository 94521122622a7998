import type { RedisClient } from '../connection/connect-redis.ts';
import { readScript } from '../connection/scripts.ts';

type Argument = Buffer | string | number;

/** The cache scripts as commands of a client; each takes the number of its keys first. */
export interface CacheCommands {
  cacheAcquireBuffer(keyCount: number, ...keysAndArguments: Argument[]): Promise<(number | Buffer)[]>;
  cacheReadBuffer(keyCount: number, ...keys: string[]): Promise<(number | Buffer)[]>;
  cacheFill(keyCount: number, ...keysAndArguments: Argument[]): Promise<number[]>;
  cacheInvalidate(keyCount: number, ...keysAndArguments: Argument[]): Promise<number[]>;
  cacheRelease(keyCount: number, ...keysAndArguments: Argument[]): Promise<null>;
}

export function defineCacheCommands<Client extends RedisClient>(client: Client): Client & CacheCommands {
  client.defineCommand('cacheAcquire', readScript('cache-acquire', 'n'));
  client.defineCommand('cacheRead', { ...readScript('cache-read', 'n'), readOnly: true });
  client.defineCommand('cacheFill', readScript('cache-fill', 'n'));
  client.defineCommand('cacheInvalidate', readScript('cache-invalidate', 'n'));
  client.defineCommand('cacheRelease', readScript('cache-release', 'n'));
  return client as Client & CacheCommands;
}
