import type { Technique } from './techniques.ts';

/** What the environment says, in the program's own terms. Nothing in here is looked up again at run time. */
export interface Config {
  readonly http: HttpConfig;
  /** The embedded engine's files and the signing secret that is made where AUTH_SECRET is absent. */
  readonly dataDir: string;
  readonly store: StoreConfig;
  /** Undefined: whoever starts the process provides one. */
  readonly redis: RedisConfig | undefined;
  readonly auth: AuthConfig;
  readonly fanout: FanoutConfig;
  readonly feed: FeedConfig;
  readonly cache: CacheConfig;
  readonly logLevel: LogLevel;
}

export interface HttpConfig {
  readonly host: string;
  readonly port: number;
  /** Addresses whose X-Forwarded-For is believed; empty: nobody's. */
  readonly trustedProxies: readonly string[];
  /** Per-client limits; those of hot keys are not meant. */
  readonly rateLimits: boolean;
}

export type StoreConfig =
  | { readonly engine: 'lmdb'; readonly dataDir: string }
  | {
      readonly engine: 'cassandra';
      /** `host` or `host:port`. */
      readonly contactPoints: readonly string[];
      readonly localDc: string;
      readonly keyspace: string;
      /** Copies per data centre, for NetworkTopologyStrategy. */
      readonly replication: Readonly<Record<string, number>>;
    };

export interface RedisConfig {
  readonly queue: RedisTarget;
  readonly inboxes: RedisTarget;
  readonly cache: RedisTarget;
}

export type RedisTarget =
  { readonly kind: 'single'; readonly url: string } | { readonly kind: 'cluster'; readonly urls: readonly string[] };

export interface AuthConfig {
  /** Undefined: the one kept in `dataDir`, see `openSecret`. Never with the cassandra engine. */
  readonly secret: string | undefined;
  /** Secrets that no longer sign and are still accepted. */
  readonly previousSecrets: readonly string[];
  readonly tokenTtlMs: number;
}

export interface FanoutConfig {
  readonly promoteFollowers: number;
  readonly demoteFollowers: number;
}

export interface FeedConfig {
  readonly inboxEntriesMax: number;
  readonly pullAuthorsMax: number;
  readonly inboxIdleMs: number;
}

export interface CacheConfig {
  /** Techniques to go without. */
  readonly without: readonly Technique[];
}

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
