// All that needs one node of Cassandra, on one JVM: three quarters of a minute.
import { ServerProcess, startTestRedis, type TestRedis } from '#test';
import { storesContract } from '../contract/stores-contract.ts';
import { describeWith } from '../local-stack/describe-with.ts';
import { survivesAnOutage } from './outage.ts';
import { MODEL_RUNS, modelSettings, servesFeedAsIfPulled } from './served-feed.ts';
import { startsOnCassandra } from './starting.ts';
import { hearsNoStrayAnswers } from './stray-answers.ts';
import { oneCassandraNode, type TestCassandra } from './test-cassandra.ts';

jest.setTimeout(300_000 + MODEL_RUNS * 60_000);

describeWith(['java', 'mvn'], 'one node of Cassandra', () => {
  let cassandra: TestCassandra;
  beforeAll(async () => void (cassandra = await oneCassandraNode()));
  afterAll(() => cassandra.stop());

  storesContract({ name: 'Cassandra', open: () => cassandra.open(), shutDown: () => Promise.resolve() });

  describe('as one starts on it', () => startsOnCassandra(() => cassandra));

  describe('that answers nobody', () => hearsNoStrayAnswers(() => cassandra));

  describe('with a server', () => {
    let redis: TestRedis;
    let servers: [ServerProcess, ServerProcess] | undefined;
    const served = () => ({ cassandra, redis, servers: servers!, server: servers![0] });

    beforeAll(async () => {
      redis = await startTestRedis();
      const settings = { ...modelSettings, AUTH_SECRET: 'a secret for the test, long enough' };
      const start = () =>
        ServerProcess.start('standalone', { ...cassandra.variables, ...settings, REDIS_URL: redis.url });
      servers = [await start(), await start()];
    });
    afterAll(async () => {
      await Promise.all(servers?.map((server) => server.kill()) ?? []);
      await redis.stop();
    });

    servesFeedAsIfPulled(served);
    // Nobody takes somebody else's Cassandra away from them.
    if (process.env.CASSANDRA_CONTACT_POINTS === undefined) survivesAnOutage(served);
  });
});
