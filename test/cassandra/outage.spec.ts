// One JVM, and a server on it: half a minute, most of it theirs.
import { ApiClient, ServerProcess, startTestRedis, type TestRedis, until } from '#test';
import { describeWith } from '../local-stack/describe-with.ts';
import { ownCassandra, type TestCassandra } from './test-cassandra.ts';

jest.setTimeout(300_000);

describeWith(['java', 'mvn'], 'a server whose Cassandra goes away', () => {
  let cassandra: TestCassandra;
  let redis: TestRedis;
  let server: ServerProcess | undefined;

  beforeAll(async () => {
    [cassandra, redis] = await Promise.all([ownCassandra(1), startTestRedis()]);
    const stores = await cassandra.open(); // makes the tables: servers that start need not wait for that
    await stores.close();
    const { keyspace } = cassandra.options;
    const env = { ...cassandra.cluster?.variables, STORE: 'cassandra', CASSANDRA_KEYSPACE: keyspace };
    server = await ServerProcess.start('standalone', { ...env, REDIS_URL: redis.url, AUTH_SECRET: 'x'.repeat(32) });
  });
  afterAll(async () => {
    await server?.kill();
    await redis.stop();
    await cassandra.stop();
  });

  const statusOf = async (path: string) => (await fetch(`${server!.url}${path}`)).status;

  it.each(['killed', 'frozen'] as const)(
    '%s: answers 503 and when to come back, says so, and recovers',
    async (how) => {
      const ann = await ApiClient.register(server!.url, `ann_${how}`);
      await ann.post('before');
      const node = cassandra.cluster!.nodes[0]!.server;
      if (how === 'killed') await node.kill();
      else node.pause();
      const refused = await ann.request('POST', '/v1/posts', { text: 'meanwhile' });
      expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([503, true]);
      await until(
        () => statusOf('/readyz'),
        (status) => status === 503,
        { deadlineMs: 60_000 },
      );
      expect(await statusOf('/healthz')).toBe(200);
      if (how === 'killed') await node.restart();
      else node.resume();
      await until(
        () => statusOf('/readyz'),
        (status) => status === 200,
        { deadlineMs: 120_000 },
      );
      const { id } = await ann.post('after');
      expect((await ann.request('GET', `/v1/posts/${id}`)).status).toBe(200);
    },
  );
});
