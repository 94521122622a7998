import { CountedSets, Reconciler } from '#counters';
import { LmdbCountedSetStore, LmdbEnvironment } from '#engine-lmdb';
import { Tokens } from '#auth';
import type { UserId } from '#ids';
import { systemClock } from '#kernel';
import { ApiClient, seededChance, ServerProcess, startTestRedis, tempDir, type TestRedis, until } from '#test';

const SECRET = 'a secret for the test, long enough';
const USERS = 10_000;
const AT_ONCE = 200;
const KILLS = 2;

interface User {
  readonly id: bigint;
  readonly token: string;
  readonly unlikes: boolean;
  readonly sendsTwice: boolean;
  /** On the last thing that they do: a request that nobody waits for may arrive at any time, also after a later one. */
  readonly hangsUp: boolean;
}

describe('likes of one post by ten thousand users', () => {
  const dir = tempDir();
  let redis: TestRedis;
  let server: ServerProcess;
  let isUp: Promise<void> = Promise.resolve();

  beforeAll(async () => {
    redis = await startTestRedis();
    const env = { REDIS_URL: redis.url, DATA_DIR: dir.path, AUTH_SECRET: SECRET };
    server = await ServerProcess.start('standalone', env);
  }, 60_000);
  afterAll(async () => {
    await server.kill();
    await redis.stop();
    dir.remove();
  });

  it('are counted exactly, through repeats, cut connections and killed servers', async () => {
    const author = await ApiClient.register(server.url, 'author');
    const post = await author.post('Like this one.');
    const users = await newUsers();
    const url = `${server.url}/v1/posts/${post.id}/like`;

    let answered = 0;
    /** Repeats until there is an answer, as a patient client does. */
    const request = async (method: string, token: string, hangsUp: boolean): Promise<void> => {
      for (let status: number | undefined; status !== 200; hangsUp = false) {
        status = await send(url, method, token, hangsUp ? 3 : 10_000);
        if (status === undefined) await isUp;
        else if (status !== 200) expect(status).toBe(503);
      }
      answered++;
    };
    const act = async (user: User): Promise<void> => {
      const times = user.sendsTwice ? [1, 2] : [1];
      const { token, unlikes, hangsUp } = user;
      await Promise.all(times.map(() => request('PUT', token, hangsUp && !unlikes)));
      if (unlikes) await Promise.all(times.map(() => request('DELETE', token, hangsUp)));
    };
    let next = 0;
    const crowd = Array.from({ length: AT_ONCE }, async () => {
      for (let user = users[next++]; user; user = users[next++]) await act(user);
    });
    for (let kill = 1; kill <= KILLS; kill++) {
      await until(() => answered >= (kill * USERS) / (KILLS + 1), Boolean, { deadlineMs: 60_000 });
      isUp = server.restart();
      await isUp;
    }
    await Promise.all(crowd);

    const expected = users.filter(({ unlikes }) => !unlikes).map(({ id }) => id);
    await until(
      () => author.expect('GET', `/v1/posts/${post.id}`) as Promise<{ likeCount: number }>,
      ({ likeCount }) => likeCount === expected.length,
      { deadlineMs: 2_000 },
    );
    expect(await server.stop()).toBe(0);
    await expectMembers(dir.path, BigInt(post.id), expected);
  }, 180_000);
});

/** The status of the answer; undefined where the connection was cut, by us after some time or by the other side. */
async function send(url: string, method: string, token: string, waitMs: number): Promise<number | undefined> {
  try {
    const signal = AbortSignal.timeout(waitMs);
    const answer = await fetch(url, { method, signal, headers: { authorization: `Bearer ${token}` } });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return undefined;
  }
}

async function newUsers(): Promise<User[]> {
  const tokens = new Tokens({ secret: SECRET, ttlMs: 3_600_000, clock: systemClock });
  const chance = seededChance(11);
  const base = BigInt(Date.now()) << 22n;
  return Promise.all(
    Array.from({ length: USERS }, async (_, i) => {
      const id = base + (BigInt(i) << 22n);
      const { token } = await tokens.issue({ userId: id as UserId });
      return { id, token, unlikes: i % 2 === 0, sendsTwice: chance() < 0.2, hangsUp: chance() < 0.05 };
    }),
  );
}

/** Looks into the store itself: the members, the total, and that one fits the other. */
async function expectMembers(path: string, post: bigint, expected: readonly bigint[]): Promise<void> {
  const env = LmdbEnvironment.open(path);
  const store = new LmdbCountedSetStore(env);
  const parts = { store, clock: systemClock, chance: seededChance(1) };
  const sets = new CountedSets(parts);
  const { members } = await sets.page('likes', post, { limit: 2 * USERS });
  expect(members).toEqual(expected);
  await expect(sets.total('likes', post)).resolves.toBe(expected.length);
  const check = await new Reconciler(parts).check({ kind: 'likes', id: post });
  expect(check).toMatchObject({ members: expected.length, drift: 0, doubles: 0, busyShards: 0 });
  await env.close();
}
