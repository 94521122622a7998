import type { Config, RedisConfig, StoreConfig } from './config.ts';
import { ConfigError } from './config-error.ts';
import { variableNames, variables, type Variables } from './variables.ts';

/**
 * The configuration that an environment stands for. Pure: looks at nothing but its argument. A variable that is empty
 * counts as absent; variables of others are ignored.
 * @throws ConfigError with every problem at once.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const present = variableNames.filter((name) => env[name]).map((name) => [name, env[name]] as const);
  const result = variables.safeParse(Object.fromEntries(present));
  if (!result.success)
    throw new ConfigError(
      result.error.issues.map(({ path, message }) => ({ variable: String(path[0]), problem: message })),
    );
  return configOf(result.data);
}

function configOf(v: Variables): Config {
  return {
    http: { host: v.HOST, port: v.PORT, trustedProxies: v.TRUST_PROXY, rateLimits: v.RATE_LIMITS === 'on' },
    dataDir: v.DATA_DIR,
    store: storeOf(v),
    redis: redisOf(v),
    auth: { secret: v.AUTH_SECRET, previousSecrets: v.AUTH_SECRET_PREVIOUS ?? [], tokenTtlMs: v.TOKEN_TTL_HOURS },
    fanout: { promoteFollowers: v.PROMOTE_FOLLOWERS, demoteFollowers: v.DEMOTE_FOLLOWERS },
    feed: {
      inboxEntriesMax: v.INBOX_ENTRIES_MAX,
      pullAuthorsMax: v.PULL_AUTHORS_MAX,
      inboxIdleMs: v.INBOX_IDLE_DAYS,
    },
    cache: { without: v.CACHE_WITHOUT },
    logLevel: v.LOG_LEVEL,
  };
}

function storeOf(v: Variables): StoreConfig {
  if (v.STORE === 'lmdb') return { engine: 'lmdb', dataDir: v.DATA_DIR };
  return {
    engine: 'cassandra',
    contactPoints: v.CASSANDRA_CONTACT_POINTS ?? [],
    localDc: v.CASSANDRA_LOCAL_DC,
    keyspace: v.CASSANDRA_KEYSPACE,
    replication: replicationOf(v),
  };
}

function replicationOf({ CASSANDRA_REPLICATION: items, CASSANDRA_LOCAL_DC: localDc }: Variables) {
  return Object.fromEntries(
    items.map((item) => {
      const [left = '', right] = item.split(':');
      return right === undefined ? [localDc, Number(left)] : [left, Number(right)];
    }),
  );
}

function redisOf({ REDIS_URL: queue, INBOX_REDIS_URL, CACHE_REDIS_URL }: Variables): RedisConfig | undefined {
  return queue && { queue, inboxes: INBOX_REDIS_URL ?? queue, cache: CACHE_REDIS_URL ?? queue };
}
