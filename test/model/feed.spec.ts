import fc from 'fast-check';
import { ServerProcess, startTestRedis, tempDir, type TestRedis } from '#test';
import { type Fault, operations } from './feed-operations.ts';
import { FeedRun } from './feed-run.ts';

const dir = tempDir();
let redis: TestRedis;
let server: ServerProcess;

/** Small numbers, so that inboxes overflow, authors are promoted and demoted, and pull authors are cut. */
const settings = () => ({
  DATA_DIR: dir.path,
  REDIS_URL: redis.url,
  INBOX_ENTRIES_MAX: '8',
  PROMOTE_FOLLOWERS: '3',
  DEMOTE_FOLLOWERS: '1',
  PULL_AUTHORS_MAX: '2',
});

beforeAll(async () => {
  redis = await startTestRedis();
  server = await ServerProcess.start('standalone', settings());
}, 60_000);

afterAll(async () => {
  await server.stop();
  await redis.stop();
  dir.remove();
}, 60_000);

const causes: Record<Fault, () => Promise<void>> = {
  flush: () => redis.flush(),
  kill: () => server.restart(),
  'restart-redis': () => redis.server.restart(),
};

const play = async (faults: readonly Fault[], runs: number) => {
  const property = fc.asyncProperty(operations(faults), async (steps) => {
    const run = await FeedRun.start(server.url, { cause: (fault) => causes[fault]() });
    await run.play(steps);
  });
  // fast-check prints the seed and the shortest failing run.
  await fc.assert(property, { numRuns: runs, interruptAfterTimeLimit: 150_000, markInterruptAsFailure: false });
};

describe('the feed is as if pulled', () => {
  it('under random operations', () => play([], Number(process.env.MODEL_RUNS ?? 12)), 200_000);

  it('with Redis flushed, Redis restarted empty, and the process killed in between', async () => {
    await play(['flush', 'kill', 'restart-redis'], Number(process.env.MODEL_RUNS ?? 6));
  }, 200_000);
});
