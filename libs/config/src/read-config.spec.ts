import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { ConfigError } from './config-error.ts';
import { readConfig } from './read-config.ts';
import { variableNames } from './variables.ts';

const DAY_MS = 86_400_000;
const CASSANDRA = { STORE: 'cassandra', CASSANDRA_CONTACT_POINTS: 'a, b:9043', AUTH_SECRET: 'x'.repeat(32) };

function problemsOf(env: Record<string, string>): string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ variable }) => variable);
  }
}

describe('readConfig', () => {
  it('needs nothing', () =>
    expect(readConfig({})).toEqual({
      http: { host: '127.0.0.1', port: 3000, trustedProxies: [], rateLimits: true },
      dataDir: '.data',
      store: { engine: 'lmdb', dataDir: '.data' },
      redis: undefined,
      auth: { secret: undefined, previousSecrets: [], tokenTtlMs: 7 * DAY_MS },
      fanout: { promoteFollowers: 10_000, demoteFollowers: 8_000 },
      feed: { inboxEntriesMax: 800, pullAuthorsMax: 200, inboxIdleMs: 14 * DAY_MS },
      cache: { without: [] },
      logLevel: 'info',
    }));

  it('turns variables into choices', () => {
    const config = readConfig({
      ...CASSANDRA,
      CASSANDRA_REPLICATION: 'east:3, west:2',
      REDIS_URL: 'redis://q:6379',
      CACHE_REDIS_URL: 'rediss://c1:1,c2:2',
      AUTH_SECRET_PREVIOUS: 'old secret 1, old secret 2',
      TRUST_PROXY: 'loopback, 10.0.0.0/8, ::1',
      RATE_LIMITS: 'off',
      CACHE_WITHOUT: 'lease, copies',
    });
    expect(config.cache.without).toEqual(['lease', 'copies']);
    expect(config.store).toEqual({
      engine: 'cassandra',
      contactPoints: ['a', 'b:9043'],
      localDc: 'datacenter1',
      keyspace: 'groundswell',
      replication: { east: 3, west: 2 },
    });
    expect(config.redis).toEqual({
      queue: { kind: 'single', url: 'redis://q:6379' },
      inboxes: { kind: 'single', url: 'redis://q:6379' },
      cache: { kind: 'cluster', urls: ['rediss://c1:1', 'redis://c2:2'] },
    });
    expect(config.auth.previousSecrets).toEqual(['old secret 1', 'old secret 2']);
    expect(config.http).toMatchObject({ trustedProxies: ['loopback', '10.0.0.0/8', '::1'], rateLimits: false });
  });

  it('counts replicas in the local data centre when only a number is given', () =>
    expect(readConfig({ ...CASSANDRA, CASSANDRA_LOCAL_DC: 'x', CASSANDRA_REPLICATION: '3' }).store).toMatchObject({
      replication: { x: 3 },
    }));

  it('takes an empty variable for an absent one', () =>
    expect(readConfig({ PORT: '', AUTH_SECRET: '', REDIS_URL: '' })).toEqual(readConfig({})));

  it.each([
    ['PORT', '65536', '-1', '1.5', '1e3', ' 80', '0x50', 'NaN'],
    ['STORE', 'postgres', 'LMDB'],
    ['RATE_LIMITS', 'true'],
    ['LOG_LEVEL', 'verbose'],
    ['TRUST_PROXY', 'true', '1', '10.0.0.0/33', '10.0.0.1/8/8', 'proxy.example'],
    ['CASSANDRA_CONTACT_POINTS', 'a b', ',', 'a:port'],
    ['CASSANDRA_KEYSPACE', '1abc', 'a-b', 'x'.repeat(49)],
    ['CASSANDRA_REPLICATION', '0', '10', '1,2', 'dc1:1,dc1:2', 'dc1:x'],
    ['REDIS_URL', 'http://x', 'redis://', ','],
    ['AUTH_SECRET', 'short'],
    ['AUTH_SECRET_PREVIOUS', 'long enough,short'],
    ['TOKEN_TTL_HOURS', '0', '8761'],
    ['INBOX_IDLE_DAYS', '0'],
    ['PULL_AUTHORS_MAX', '0'],
  ])('refuses a bad %s', (name, ...values) => {
    for (const value of values) expect([value, problemsOf({ [name]: value })]).toEqual([value, [name]]);
  });

  it('refuses what makes no sense together', () => {
    expect(problemsOf({ STORE: 'cassandra' })).toEqual(['CASSANDRA_CONTACT_POINTS', 'AUTH_SECRET']);
    expect(problemsOf({ PROMOTE_FOLLOWERS: '10', DEMOTE_FOLLOWERS: '11' })).toEqual(['DEMOTE_FOLLOWERS']);
    expect(problemsOf({ CACHE_REDIS_URL: 'redis://c' })).toEqual(['REDIS_URL']);
  });

  it('names every problem at once and shows no value', () => {
    const env = { PORT: 'hunter2', AUTH_SECRET: 'hunter2', REDIS_URL: 'http://:hunter2@x', STORE: 'cassandra' };
    expect(problemsOf(env).sort()).toEqual(['AUTH_SECRET', 'CASSANDRA_CONTACT_POINTS', 'PORT', 'REDIS_URL']);
    expect(() => readConfig(env)).toThrow(/^(?!.*hunter2)/s);
    expect(() => readConfig(env)).toThrow('PORT must be a whole number from 0 to 65535');
  });
});

describe('.env.example', () => {
  const example = parseEnv(readFileSync(join(import.meta.dirname, '../../../.env.example'), 'utf8'));

  it('lists every variable', () => expect(Object.keys(example).sort()).toEqual([...variableNames].sort()));
  it('shows the defaults', () => expect(readConfig(example)).toEqual(readConfig({})));
});
