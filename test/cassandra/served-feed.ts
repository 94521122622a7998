// The runs of test/model, fewer of them. MODEL_RUNS asks for more.
import fc from 'fast-check';
import type { ServerProcess, TestRedis } from '#test';
import { type Fault, operations, type Outage, type Troubles } from '../model/feed-operations.ts';
import { FeedRun } from '../model/feed-run.ts';

const RUNS = process.env.MODEL_RUNS === undefined ? undefined : Number(process.env.MODEL_RUNS);
export const MODEL_RUNS = RUNS ?? 3;

/** The server's settings for it: small, so that little makes much happen. */
export const modelSettings = {
  INBOX_ENTRIES_MAX: '8',
  PROMOTE_FOLLOWERS: '3',
  DEMOTE_FOLLOWERS: '1',
  PULL_AUTHORS_MAX: '2',
};

export interface Served {
  /** Two processes, over the same stores. */
  readonly servers: readonly [ServerProcess, ServerProcess];
  readonly redis: TestRedis;
}

export function servesFeedAsIfPulled(served: () => Served): void {
  const causes: Record<Fault, (what: Served) => Promise<void>> = {
    flush: ({ redis }) => redis.flush(),
    kill: ({ servers }) => servers[1].restart(),
    'restart-redis': ({ redis }) => redis.server.restart(),
  };
  const begin = async (outage: Outage, { server }: TestRedis) => (outage === 'gone' ? server.kill() : server.pause());
  const end = async (outage: Outage, { server }: TestRedis) => (outage === 'gone' ? server.restart() : server.resume());

  const play = (troubles: Troubles, runs: number) => async (): Promise<void> => {
    const { servers, redis } = served();
    const property = fc.asyncProperty(operations(troubles), async (steps) => {
      const run = await FeedRun.start([servers[0].url, servers[1].url], {
        cause: (fault) => causes[fault](served()),
        begin: (outage) => begin(outage, redis),
        end: (outage) => end(outage, redis),
      });
      await run.play(steps);
    });
    // fast-check prints the seed and the failing run.
    const seed = process.env.MODEL_SEED;
    await fc.assert(property, {
      numRuns: RUNS ?? runs,
      endOnFailure: true,
      ...(seed !== undefined && { seed: Number(seed) }),
    });
  };

  const FAULTS = ['flush', 'kill', 'restart-redis'] as const;
  it(
    'serves feeds as if pulled, whichever process is asked, and whatever is killed',
    play({ faults: FAULTS, outages: [] }, 2),
  );
  it('does so while Redis is away', play({ faults: [], outages: ['gone'] }, 1));
  it('does so while Redis stands still', play({ faults: [], outages: ['frozen'] }, 1));
}
