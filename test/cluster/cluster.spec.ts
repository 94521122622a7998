// The whole topology as `npm run cluster` starts it, on one Cassandra node. Needs what `npm run build` makes.
import { freePort } from '#local-stack';
import { ApiClient, tempDir, until } from '#test';
import type { Part } from '../../apps/cli/src/cluster/part.ts';
import type { Parts } from '../../apps/cli/src/cluster/parts.ts';
import { startCluster } from '../../apps/cli/src/cluster/start-cluster.ts';
import { describeWith } from '../local-stack/describe-with.ts';
import { LargeFanOut } from './large-fan-out.ts';
import { Load } from './load.ts';

/** 100,000 is what a celebrity has; the test is the same, and a minute longer. */
const FOLLOWERS = Number(process.env.FANOUT_FOLLOWERS ?? 4_000);
const POSTS = 20;
const SECRET = 's'.repeat(32);

const dir = tempDir();
let parts: Parts;
let edge: string;
let timelines: string[];

function partOf(name: string): Part {
  const part = parts.all().find((one) => one.name === name);
  if (!part) throw new Error(`there is no ${name}`);
  return part;
}

const killAndRestart = async (name: string): Promise<void> => {
  const { server } = partOf(name);
  await server.kill();
  await server.restart();
};

jest.setTimeout(120_000);

describeWith(['java', 'redis-server', 'nginx'], 'npm run cluster', () => {
  beforeAll(async () => {
    const [port, { env }] = [await freePort(), process];
    const cassandra = { cassandraNodes: 1, heapMb: 256, fresh: true } as const;
    const settings = {
      RATE_LIMITS: 'off',
      LOG_LEVEL: 'warn',
      PROMOTE_FOLLOWERS: '1000000',
      DEMOTE_FOLLOWERS: '900000',
    };
    const quiet = { env: { ...env, ...settings }, say: (): void => undefined };
    parts = await startCluster({ ...cassandra, ...quiet, port, secret: SECRET, dir: dir.path });
    edge = partOf('edge').address;
    timelines = ['timeline-1', 'timeline-2'].map((name) => partOf(name).address);
  }, 240_000);

  afterAll(async () => {
    const pids = parts.all().map(({ server }) => server.pid);
    await parts.stop();
    expect(pids.filter(isAlive)).toEqual([]);
    dir.remove();
  });

  const signUp = (handle: string): Promise<ApiClient> => ApiClient.register(edge, handle);
  /** The same person at each instance, past the edge. */
  const atEach = (who: ApiClient): ApiClient[] => timelines.map((url) => who.at(url));

  it('holds relations and deletions at the next read, whichever instance is asked', async () => {
    const [ann, bob] = [await signUp('ann'), await signUp('bob')];
    await bob.expect('PUT', '/v1/users/@ann/follow');
    const feeds = async (): Promise<string[][]> => {
      const pages = await Promise.all(atEach(bob).map((instance) => instance.feed()));
      return pages.map(({ items }) => items.map(({ id }) => id));
    };
    const [first, second] = [await ann.post('one'), await ann.post('two')];
    const both = [second.id, first.id];
    await until(feeds, (pages) => pages.every((ids) => ids.join() === both.join()));
    await ann.expect('DELETE', `/v1/posts/${second.id}`);
    expect(await feeds()).toEqual([[first.id], [first.id]]);
    await bob.expect('PUT', '/v1/users/@ann/mute');
    expect(await feeds()).toEqual([[], []]);
    await bob.expect('DELETE', '/v1/users/@ann/mute');
    await until(feeds, (pages) => pages.every((ids) => ids.join() === first.id));
    await ann.expect('PUT', '/v1/users/@bob/block');
    expect(await feeds()).toEqual([[], []]);
  });

  it('counts a like once, whoever asks', async () => {
    const [cid, dan] = [await signUp('cid'), await signUp('dan')];
    const { id } = await cid.post('like me');
    const like = () => dan.expect('PUT', `/v1/posts/${id}/like`);
    const answers = await Promise.all([like(), like(), like()]);
    expect(answers).toEqual(Array(3).fill({ liked: true, likeCount: 1 }));
    for (const instance of atEach(cid))
      await until(
        async () => ((await instance.expect('GET', `/v1/posts/${id}`)) as { likeCount: number }).likeCount,
        (likeCount) => likeCount === 1,
      );
  });

  it('streams a post to a reader of either instance', async () => {
    const [eve, fay] = [await signUp('eve'), await signUp('fay')];
    await fay.expect('PUT', '/v1/users/@eve/follow');
    const streams = await Promise.all(atEach(fay).map((instance) => instance.stream()));
    const { id } = await eve.post('live');
    for (const stream of streams) {
      let seen = '';
      while (!seen.includes(`"id":"${id}"`)) seen += (await stream.read()).value ?? '';
      await stream.cancel();
    }
  });

  describe('under readers and writers', () => {
    let load: Load;
    let fanOut: LargeFanOut;
    beforeAll(
      async () => {
        load = await Load.prepare(edge, 2, 6);
        fanOut = await LargeFanOut.prepare(edge, SECRET, FOLLOWERS);
      },
      60_000 + 20 * FOLLOWERS,
    );

    it('fails nobody and loses nothing when a timeline service dies, and the worker amid a large fan-out', async () => {
      const { server } = partOf('worker');
      const report = await load.during(async () => {
        server.pause();
        await fanOut.post(POSTS);
        server.resume();
        await until(async () => (await fanOut.lacking()).some((missing) => missing < POSTS));
        await Promise.all(['timeline-1', 'worker'].map(killAndRestart));
      });
      expect(report).toEqual({ failedReads: [], failedWrites: [] });
      await load.untilFeedsAreTrue();
      await fanOut.untilComplete();
    });

    it('loses nothing that the post service has acknowledged, or half written, when it is killed', async () => {
      const { failedReads } = await load.during(() => killAndRestart('post'));
      expect(failedReads).toEqual([]);
      await load.untilFeedsAreTrue();
    });
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
