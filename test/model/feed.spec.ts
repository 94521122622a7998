import fc from 'fast-check';
import { ServerProcess, startTestRedis, tempDir, type TestRedis } from '#test';
import { type Fault, operations, type Troubles } from './feed-operations.ts';
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

const play = async (troubles: Troubles, runs: number) => {
  const property = fc.asyncProperty(operations(troubles), async (steps) => {
    const run = await FeedRun.start([server.url], {
      cause: (fault) => causes[fault](),
      begin: async (outage) => (outage === 'gone' ? redis.server.kill() : redis.server.pause()),
      end: async (outage) => (outage === 'gone' ? redis.server.restart() : redis.server.resume()),
    });
    await run.play(steps).catch((error: unknown) => {
      throw new Error(`${(error as Error).message}\nThe server wrote:\n${server.output}`, { cause: error });
    });
  });
  await fc.assert(property, {
    numRuns: runs,
    interruptAfterTimeLimit: TIME_LIMIT_MS,
    markInterruptAsFailure: false,
    endOnFailure: process.env.MODEL_SHRINK === undefined,
    ...(process.env.MODEL_SEED !== undefined && { seed: Number(process.env.MODEL_SEED) }),
  });
};

// fast-check prints the seed of a failure. MODEL_RUNS asks for more runs, MODEL_SEED for those of a seed, MODEL_SHRINK for the
// shortest that fails.
const RUNS = process.env.MODEL_RUNS === undefined ? undefined : Number(process.env.MODEL_RUNS);
const TIME_LIMIT_MS = RUNS === undefined ? 60_000 : 1_200_000;
const DEADLINE_MS = TIME_LIMIT_MS + 90_000;

describe('the feed is as if pulled', () => {
  it('under random operations', () => play({ faults: [], outages: [] }, RUNS ?? 12), DEADLINE_MS);

  it(
    'with Redis flushed, Redis restarted empty, and the process killed in between',
    async () => {
      await play({ faults: ['flush', 'kill', 'restart-redis'], outages: [] }, RUNS ?? 6);
    },
    DEADLINE_MS,
  );

  it('while Redis is away for some operations', () => play({ faults: [], outages: ['gone'] }, RUNS ?? 4), DEADLINE_MS);

  it(
    'while Redis stands still for some operations',
    async () => {
      await play({ faults: ['kill'], outages: ['frozen'] }, RUNS ?? 1);
    },
    DEADLINE_MS,
  );
});
