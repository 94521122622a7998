import type { RedisConfig, RedisTarget } from '#config';
import { connectRedis, type RedisClient } from '#engine-redis';
import { type Clock, withDeadline } from '#kernel';
import type { Logger } from '#observability';

export interface RedisConnections {
  /** Producers of the queues, and the post bus. */
  readonly queue: RedisClient;
  /** Workers wait for Redis instead of failing. */
  readonly workers: RedisClient;
  /** Reads of the bus that wait. */
  readonly bus: RedisClient;
  /** Readers' and writers' calls to inboxes. */
  readonly inboxes: RedisClient;
  /** Fan-out, whose batches nobody should stand behind. */
  readonly deliveries: RedisClient;
  readonly cache: RedisClient;
  close(): void;
}

const START_TIMEOUT_MS = 10_000;
const OUTAGE_REPORT_MS = 60_000;

/** Opens all connections; rejects with a message for people when one of them cannot be had. */
export async function openRedisConnections(
  config: RedisConfig,
  logger: Logger,
  clock: Clock,
): Promise<RedisConnections> {
  const opened: RedisClient[] = [];
  const open = (role: string, target: RedisTarget, patient = false): RedisClient => {
    const name = `groundswell-${role}`;
    const urls = target.kind === 'single' ? [target.url] : target.urls;
    const client = connectRedis({ urls, name, onError: reportOutages(name, logger, clock), patient });
    opened.push(client);
    return client;
  };
  const close = (): void => opened.forEach((client) => client.disconnect());
  const connections = {
    queue: open('queue', config.queue),
    workers: open('workers', config.queue, true),
    bus: open('bus', config.queue),
    inboxes: open('inboxes', config.inboxes),
    deliveries: open('deliveries', config.inboxes),
    cache: open('cache', config.cache),
    close,
  };
  try {
    await withDeadline(Promise.all(opened.map(untilReady)), START_TIMEOUT_MS, 'the connection to Redis', clock);
  } catch (error) {
    close();
    throw new Error('Redis cannot be reached; check REDIS_URL, INBOX_REDIS_URL and CACHE_REDIS_URL', { cause: error });
  }
  return connections;
}

/** Connections fail again and again while a Redis is away: one line says so, a minute later the next. */
function reportOutages(connection: string, logger: Logger, clock: Clock): (error: Error) => void {
  let reportedAtMs = -Infinity;
  return (err) => {
    if (clock.elapsed() - reportedAtMs < OUTAGE_REPORT_MS) return;
    reportedAtMs = clock.elapsed();
    logger.warn({ err, connection }, 'a redis connection failed; it is tried again');
  };
}

function untilReady(client: RedisClient): Promise<void> {
  if (client.status === 'ready') return Promise.resolve();
  return new Promise((resolve) => client.once('ready', resolve));
}
