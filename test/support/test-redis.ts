import { connectRedis } from '#engine-redis';
import { findRedisProgram, type RedisServer, startRedisServer } from '#local-stack';
import { tempDir } from './temp-dir.ts';

export interface TestRedis {
  readonly url: string;
  readonly server: RedisServer['server'];
  /** Loses everything. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** A real Redis of a test's own, on a free port, gone at the end; throws where the machine has none. */
export async function startTestRedis(settings: readonly string[] = []): Promise<TestRedis> {
  const options = { env: process.env, say: (): void => undefined };
  const program = await findRedisProgram(options);
  if (program === undefined) throw new Error('no redis-server or valkey-server on PATH');
  const dir = tempDir();
  const redis = await startRedisServer(program, { name: 'test redis', dir: dir.path, settings, ...options });
  const stop = async (): Promise<void> => {
    await redis.server.stop();
    dir.remove();
  };
  const flush = async (): Promise<void> => {
    const client = connectRedis({ urls: [redis.url], name: 'test', onError: () => undefined, patient: true });
    await client.flushall();
    client.disconnect();
  };
  return { url: redis.url, server: redis.server, flush, stop };
}
