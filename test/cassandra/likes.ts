// COUNTERS_CROWD=10000 makes the crowd as large as on the embedded engine.
import { expectCountsOf, expectMembers, expectSpread } from '../counters/expect-exact.ts';
import { LikeCrowd } from '../counters/like-crowd.ts';
import type { TestCassandra } from './test-cassandra.ts';
import { CountedSets } from '#counters';
import { isAppError, systemClock } from '#kernel';
import type { Stores } from '#storage';
import { seededChance, ServerProcess, startTestRedis, type TestRedis, until } from '#test';

const SECRET = 'a secret for the test, long enough';
const USERS = Number(process.env.COUNTERS_CROWD ?? 1_000);
const SERVERS = 2;
/** For a sixth of the crowd, on a machine that is busy with other things as well. */
const STEP_MS = 120_000 * Math.max(1, USERS / 1_000);

/** Likes of one post on three nodes, of which one is dead in the end. */
export function countsLikesExactly(threeNodes: () => TestCassandra): void {
  let cassandra: TestCassandra;
  let stores: Stores;
  let redis: TestRedis;
  let servers: ServerProcess[] = [];
  let crowd: LikeCrowd | undefined;

  beforeAll(async () => {
    cassandra = threeNodes();
    stores = await cassandra.open();
    redis = await startTestRedis();
    const env = {
      ...cassandra.variables,
      REDIS_URL: redis.url,
      AUTH_SECRET: SECRET,
    };
    servers = await Promise.all(Array.from({ length: SERVERS }, () => ServerProcess.start('standalone', env)));
    await Promise.all(servers.map(untilWarm));
  });
  afterAll(async () => {
    crowd?.stop();
    await Promise.all(servers.map((server) => server.kill()));
    await stores.close();
    await redis.stop();
  });

  it(
    'are exact with several processes committing, while shards grow, and a process and a node are killed',
    async () => {
      let turn = 0;
      let isUp: Promise<unknown> = Promise.resolve();
      const url = (): string => servers[turn++ % SERVERS]?.url ?? '';
      crowd = await LikeCrowd.gather({ secret: SECRET, users: USERS, url, isUp: () => isUp });
      const { post, author, likers, followers } = crowd;
      const likes = { kind: 'likes', id: BigInt(post) } as const;
      // Somebody else makes the set grow: both servers meet closed shards without having been told.
      const stranger = new CountedSets({ store: stores.countedSets, clock: systemClock, chance: seededChance(3) });
      const growTo = (generations: number): Promise<unknown> =>
        until(
          async () => {
            try {
              const known = await stores.countedSets.loadLayout(likes);
              if (known.length < generations) await stranger.grow('likes', likes.id);
              return known.length;
            } catch (error) {
              if (isAppError(error, 'unavailable')) return 0; // the node that holds the row has just been killed
              throw error;
            }
          },
          (known) => known >= generations,
          { deadlineMs: 60_000 },
        );
      const steps = [
        () => growTo(2),
        () => cassandra.cluster?.nodes[2]?.server.kill(),
        () => growTo(3),
        () => (isUp = servers[1]?.restart() ?? isUp),
        () => growTo(4),
      ];
      const running = crowd.run();
      for (const [i, step] of steps.entries()) {
        await until(() => crowd!.answered >= ((i + 1) * USERS) / (steps.length + 1), Boolean, { deadlineMs: STEP_MS });
        await step();
      }
      await running;
      await expectCountsOf(crowd);
      expect((await stores.countedSets.loadLayout(likes)).slice(0, 4)).toEqual([1, 4, 16, 64]);
      await expectMembers(stores.countedSets, likes, likers);
      await expectMembers(stores.countedSets, { kind: 'followers', id: BigInt(author.id) }, followers);
      await expectSpread(stores.countedSets, likes);
      await stranger.close();
    },
    5 * STEP_MS,
  );
}

/** Three JVMs that have just begun may be too slow for the first request of all, which cannot be repeated: an account. */
function untilWarm({ url }: ServerProcess): Promise<number> {
  const readNobody = async (): Promise<number> => (await fetch(`${url}/v1/users/@nobody`)).status;
  return until(readNobody, (status) => status === 404, { deadlineMs: 60_000, everyMs: 100 });
}
