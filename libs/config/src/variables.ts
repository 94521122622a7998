import * as z from 'zod';
import { LOG_LEVELS } from './config.ts';
import {
  choice,
  days,
  hosts,
  hours,
  integer,
  matching,
  proxies,
  redis,
  replication,
  secret,
  secrets,
  techniques,
  text,
} from './value.ts';

/** Every variable there is. `.env.example` explains them; a test holds the two equal. */
const each = z.object({
  HOST: text.default('127.0.0.1'),
  PORT: integer(0, 65_535).prefault('3000'),
  TRUST_PROXY: z.union([z.literal('off').transform(() => []), proxies]).prefault('off'),
  RATE_LIMITS: choice(['on', 'off']).default('on'),
  LOG_LEVEL: choice(LOG_LEVELS).default('info'),
  DATA_DIR: text.default('.data'),
  STORE: choice(['lmdb', 'cassandra']).default('lmdb'),
  CASSANDRA_CONTACT_POINTS: hosts.optional(),
  CASSANDRA_LOCAL_DC: matching(/^[\w-]+$/, 'must be the name of a data centre').default('datacenter1'),
  CASSANDRA_KEYSPACE: matching(
    /^[a-z][a-z0-9_]{0,47}$/,
    'must be 1 to 48 of a-z 0-9 _ and begin with a letter',
  ).default('groundswell'),
  CASSANDRA_REPLICATION: replication.prefault('1'),
  REDIS_URL: redis.optional(),
  INBOX_REDIS_URL: redis.optional(),
  CACHE_REDIS_URL: redis.optional(),
  AUTH_SECRET: secret.optional(),
  AUTH_SECRET_PREVIOUS: secrets.optional(),
  TOKEN_TTL_HOURS: hours(8_760).prefault('168'),
  PROMOTE_FOLLOWERS: integer(1, 1_000_000_000).prefault('10000'),
  DEMOTE_FOLLOWERS: integer(0, 1_000_000_000).prefault('8000'),
  INBOX_ENTRIES_MAX: integer(1, 10_000).prefault('800'),
  PULL_AUTHORS_MAX: integer(1, 10_000).prefault('200'),
  INBOX_IDLE_DAYS: days(3_650).prefault('14'),
  CACHE_WITHOUT: techniques.prefault('nothing'),
});

/** What makes sense only together. Each rule looks at what it needs, whatever else is wrong. */
export const variables = each
  .refine(({ PROMOTE_FOLLOWERS: promote, DEMOTE_FOLLOWERS: demote }) => !(demote > promote), {
    path: ['DEMOTE_FOLLOWERS'],
    error: 'must not be above PROMOTE_FOLLOWERS',
    when: always,
  })
  .refine(({ STORE, CASSANDRA_CONTACT_POINTS: points }) => STORE !== 'cassandra' || points !== undefined, {
    path: ['CASSANDRA_CONTACT_POINTS'],
    error: 'is required when STORE is cassandra',
    when: always,
  })
  .refine(({ STORE, AUTH_SECRET }) => STORE !== 'cassandra' || AUTH_SECRET !== undefined, {
    path: ['AUTH_SECRET'],
    error: 'is required when STORE is cassandra',
    when: always,
  })
  .refine(
    ({ REDIS_URL, INBOX_REDIS_URL, CACHE_REDIS_URL }) =>
      REDIS_URL !== undefined || (INBOX_REDIS_URL === undefined && CACHE_REDIS_URL === undefined),
    { path: ['REDIS_URL'], error: 'is required beside INBOX_REDIS_URL or CACHE_REDIS_URL', when: always },
  );

export type Variables = z.output<typeof variables>;
export const variableNames = Object.keys(each.shape) as readonly (keyof Variables)[];

function always(): boolean {
  return true;
}
