import { expectCountsOf, expectMembers, expectSpread } from './expect-exact.ts';
import { LikeCrowd } from './like-crowd.ts';
import { Tokens } from '#auth';
import { LmdbCountedSetStore, LmdbEnvironment } from '#engine-lmdb';
import { systemClock } from '#kernel';
import { ServerProcess, startTestRedis, tempDir, type TestRedis, until } from '#test';

const SECRET = 'a secret for the test, long enough';
const USERS = 10_000;
const GROWTHS = 3;
const KILLS = 2;

describe('likes of one post by ten thousand users', () => {
  const dir = tempDir();
  let redis: TestRedis;
  let server: ServerProcess;
  let crowd: LikeCrowd | undefined;
  let isUp: Promise<void> = Promise.resolve();

  beforeAll(async () => {
    redis = await startTestRedis();
    const env = { REDIS_URL: redis.url, DATA_DIR: dir.path, AUTH_SECRET: SECRET };
    server = await ServerProcess.start('standalone', env);
  }, 60_000);
  afterAll(async () => {
    crowd?.stop();
    await server.kill();
    await redis.stop();
    dir.remove();
  });

  it('are counted exactly, through repeats, cut connections, growth and killed servers', async () => {
    crowd = await LikeCrowd.gather({ secret: SECRET, users: USERS, url: () => server.url, isUp: () => isUp });
    const { post, author, likers, followers } = crowd;
    const running = crowd.run();
    const steps = GROWTHS + KILLS;
    for (let step = 1; step <= steps; step++) {
      await until(() => crowd!.answered >= (step * USERS) / (steps + 1), Boolean, { deadlineMs: 60_000 });
      if (step % 2 === 1) await grow(server.url, post);
      else await (isUp = server.restart());
    }
    await running;
    await expectCountsOf(crowd);
    expect(await server.stop()).toBe(0);

    const env = LmdbEnvironment.open(dir.path);
    const store = new LmdbCountedSetStore(env);
    const likes = { kind: 'likes', id: BigInt(post) } as const;
    expect(await store.loadLayout(likes)).toEqual([1, 4, 16, 64]);
    await expectMembers(store, likes, likers);
    await expectMembers(store, { kind: 'followers', id: BigInt(author.id) }, followers);
    await expectSpread(store, likes);
    await env.close();
  }, 180_000);
});

/** As an operator does ahead of a crowd; heat does the same. */
async function grow(url: string, post: string): Promise<void> {
  const { token } = await new Tokens({ secret: SECRET, ttlMs: 60_000, clock: systemClock }).issue({ ops: true });
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${url}/v1/ops/counters/posts/${post}/grow`, { method: 'POST', headers });
  expect(answer.status).toBe(200);
}
