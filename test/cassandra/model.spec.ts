// One JVM, and a server on it: the runs of test/model, fewer of them. MODEL_RUNS asks for more.
import fc from 'fast-check';
import { ServerProcess, startTestRedis, type TestRedis } from '#test';
import { describeWith } from '../local-stack/describe-with.ts';
import { operations } from '../model/feed-operations.ts';
import { FeedRun } from '../model/feed-run.ts';
import { ownCassandra, type TestCassandra } from './test-cassandra.ts';

const RUNS = Number(process.env.MODEL_RUNS ?? 3);

jest.setTimeout(120_000 + RUNS * 60_000);

describeWith(['java', 'mvn'], 'the feed on Cassandra is as if pulled', () => {
  let cassandra: TestCassandra;
  let redis: TestRedis;
  let server: ServerProcess | undefined;

  beforeAll(async () => {
    [cassandra, redis] = await Promise.all([ownCassandra(1), startTestRedis()]);
    const stores = await cassandra.open(); // makes the tables: servers that start need not wait for that
    await stores.close();
    server = await ServerProcess.start('standalone', {
      ...cassandra.cluster?.variables,
      STORE: 'cassandra',
      CASSANDRA_KEYSPACE: cassandra.options.keyspace,
      AUTH_SECRET: 'a secret for the test, long enough',
      REDIS_URL: redis.url,
      INBOX_ENTRIES_MAX: '8',
      PROMOTE_FOLLOWERS: '3',
      DEMOTE_FOLLOWERS: '1',
      PULL_AUTHORS_MAX: '2',
    });
  });
  afterAll(async () => {
    await server?.kill();
    await redis.stop();
    await cassandra.stop();
  });

  it('under random operations, with Redis flushed and the process killed in between', async () => {
    const faults = {
      flush: () => redis.flush(),
      kill: () => server!.restart(),
      'restart-redis': () => redis.server.restart(),
    };
    const never = (): Promise<void> => Promise.reject(new Error('no outages were asked for'));
    const property = fc.asyncProperty(operations({ faults: ['flush', 'kill'], outages: [] }), async (steps) => {
      const run = await FeedRun.start(server!.url, { cause: (fault) => faults[fault](), begin: never, end: never });
      await run.play(steps);
    });
    // fast-check prints the seed and the failing run.
    await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
  });
});
