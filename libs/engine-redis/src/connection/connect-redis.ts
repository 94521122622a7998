import { Cluster, Redis } from 'ioredis';
import { endable } from './endable.ts';

/** A single Redis or a cluster: both take the same commands. */
export type RedisClient = Redis | Cluster;

export interface ConnectOptions {
  /** One URL, or several nodes of a cluster. */
  readonly urls: readonly string[];
  /** Shown by CLIENT LIST. */
  readonly name: string;
  /** Gets connection errors; ioredis reconnects by itself. */
  readonly onError: (error: Error) => void;
  /** Wait for a connection instead of failing at once, and send again what it cost: for the queue's workers. */
  readonly patient?: boolean;
}

const RECONNECT_MAX_MS = 1000;
const CONNECT_TIMEOUT_MS = 2000;

/**
 * Opens a connection that never repeats a command by itself: ioredis would send what was under way again after a
 * reconnect, and an INCR would count twice. Callers repeat what may be repeated.
 *
 * A patient one does send it again: nothing else would ever settle it, and a worker would wait for its answer for ever.
 * What BullMQ sends may be repeated; a job that was taken twice is found to be stalled.
 */
export function connectRedis(options: ConnectOptions): RedisClient {
  const [first, ...others] = options.urls;
  if (first === undefined) throw new Error('no Redis URL');
  const client = others.length > 0 ? openCluster(options) : openSingle(first, options);
  client.on('error', options.onError);
  return client;
}

export function isCluster(client: RedisClient): client is Cluster {
  return client instanceof Cluster;
}

function openSingle(url: string, options: ConnectOptions): Redis {
  const { patient = false } = options;
  const client = new Redis(url, {
    ...connectionOf(options),
    retryStrategy: reconnectDelayMs,
    enableOfflineQueue: patient,
    maxRetriesPerRequest: patient ? null : 0, // with 1, what is under way would never settle if the next attempt succeeds
  });
  return endable(client);
}

function openCluster(options: ConnectOptions): Cluster {
  const { urls, patient = false } = options;
  const client = new Cluster([...urls], {
    redisOptions: { ...connectionOf(options), maxRetriesPerRequest: patient ? null : 1 },
    slotsRefreshInterval: 1000,
    slotsRefreshTimeout: 2000,
    enableOfflineQueue: patient,
    clusterRetryStrategy: reconnectDelayMs,
    // Not again by itself when a node is lost; and who has another source asks that at once.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
  });
  return endable(client);
}

/** Of every connection, to the only node or to one of many. */
function connectionOf({ name, patient = false }: ConnectOptions) {
  return { connectionName: name, connectTimeout: CONNECT_TIMEOUT_MS, autoResendUnfulfilledCommands: patient };
}

function reconnectDelayMs(attempt: number): number {
  return Math.min(50 * 2 ** Math.min(attempt, 10), RECONNECT_MAX_MS);
}
