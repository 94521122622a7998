// All that needs three nodes of Cassandra: starts three JVMs, kills one, freezes another, for about two minutes on two cores.
import { existsSync } from 'node:fs';
import { describeWith } from '../local-stack/describe-with.ts';
import { storesContract } from '../contract/stores-contract.ts';
import { LikeOnePost, RaceForNames } from './conditional-deeds.ts';
import { type TwoProcesses, underLoad } from './fault-load.ts';
import { ReadPosts, SwitchRelations, WritePosts } from './plain-deeds.ts';
import { countsLikesExactly } from './likes.ts';
import { ownCassandra, type TestCassandra } from './test-cassandra.ts';

jest.setTimeout(600_000);

describeWith(['java', 'mvn'], 'three nodes of Cassandra, a replica on each', () => {
  let cassandra: TestCassandra;
  beforeAll(async () => void (cassandra = await ownCassandra(3)));
  afterAll(async () => {
    const pids = cassandra.cluster!.nodes.map(({ server }) => server.pid);
    await cassandra.stop();
    expect(pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
  });

  it('get one schema from many processes that start at once', async () => {
    const opened = await Promise.all(Array.from({ length: 3 }, () => cassandra.open()));
    await Promise.all(opened.map((stores) => stores.health.ping()));
    const { rows } = await cassandra.execute('SELECT version, name FROM $.schema_versions WHERE part = 0');
    expect(rows.map((row) => Number(row.get('version')))).toEqual([1]);
  });

  storesContract({ name: 'three nodes', open: () => cassandra.open(), shutDown: () => Promise.resolve() });

  describe('with a node killed, and another frozen', () => {
    let processes: TwoProcesses | undefined;
    // Room for a busy machine; the driver's own way with a frozen node takes 12 s and would be too slow still.
    const open = () => cassandra.open({ limits: { timeoutMs: 10_000 } });
    beforeAll(async () => void (processes = [await open(), await open()]));

    it('fail no read and no plain write, lose nothing, and leave no conditional write in doubt', async () => {
      const [, second, third] = cassandra.cluster!.nodes;
      const [first, other] = processes!;
      const posts = new WritePosts(first);
      const deeds = [
        posts,
        new ReadPosts(other, posts.written),
        new SwitchRelations(first),
        new RaceForNames(processes!),
        new LikeOnePost(processes!),
      ];
      const failures = await underLoad(deeds, async (load) => {
        await load.progress(10);
        await second!.server.kill();
        await load.progress(20);
        await second!.server.restart();
        await cassandra.cluster!.untilHealthy();
        third!.server.pause();
        await load.progress(20);
        await expect(cassandra.cluster!.untilHealthy(100)).rejects.toThrow('did not see each other');
        third!.server.resume();
        await cassandra.cluster!.untilHealthy();
        await load.progress(10);
      });
      expect(failures).toEqual([]);
      for (const deed of deeds) expect([deed.name, await deed.faults()]).toEqual([deed.name, []]);
    });
  });

  describe('under likes of one post', () => countsLikesExactly(() => cassandra));
});
