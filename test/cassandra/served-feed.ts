// The runs of test/model, fewer of them. MODEL_RUNS asks for more.
import fc from 'fast-check';
import type { ServerProcess, TestRedis } from '#test';
import { operations } from '../model/feed-operations.ts';
import { FeedRun } from '../model/feed-run.ts';

export const MODEL_RUNS = Number(process.env.MODEL_RUNS ?? 3);

/** The server's settings for it: small, so that little makes much happen. */
export const modelSettings = {
  INBOX_ENTRIES_MAX: '8',
  PROMOTE_FOLLOWERS: '3',
  DEMOTE_FOLLOWERS: '1',
  PULL_AUTHORS_MAX: '2',
};

export function servesFeedAsIfPulled(served: () => { server: ServerProcess; redis: TestRedis }): void {
  it('serves feeds as if pulled, under random operations, with Redis flushed and the process killed in between', async () => {
    const { server, redis } = served();
    const faults = {
      flush: () => redis.flush(),
      kill: () => server.restart(),
      'restart-redis': () => redis.server.restart(),
    };
    const never = (): Promise<void> => Promise.reject(new Error('no outages were asked for'));
    const property = fc.asyncProperty(operations({ faults: ['flush', 'kill'], outages: [] }), async (steps) => {
      const run = await FeedRun.start(server.url, { cause: (fault) => faults[fault](), begin: never, end: never });
      await run.play(steps);
    });
    // fast-check prints the seed and the failing run.
    await fc.assert(property, { numRuns: MODEL_RUNS, endOnFailure: true });
  });
}
