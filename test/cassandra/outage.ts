import { ApiClient, type ServerProcess, until } from '#test';
import type { TestCassandra } from './test-cassandra.ts';

/** Of a server whose Cassandra has one node, of the test's own. */
export function survivesAnOutage(served: () => { server: ServerProcess; cassandra: TestCassandra }): void {
  const statusOf = async (path: string) => (await fetch(`${served().server.url}${path}`)).status;

  it.each(['killed', 'frozen'] as const)(
    'answers 503 and when to come back, says so, and recovers, when Cassandra is %s',
    async (how) => {
      const { server, cassandra } = served();
      const ann = await ApiClient.register(server.url, `ann_${how}`);
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
      // A worker number that ran out meanwhile is leased again within a second.
      const written = await until(
        () => ann.request('POST', '/v1/posts', { text: 'after' }),
        ({ status }) => status === 201,
        { deadlineMs: 30_000, everyMs: 100 },
      );
      const { id } = written.json as { id: string };
      expect((await ann.request('GET', `/v1/posts/${id}`)).status).toBe(200);
    },
  );
}
