import * as z from 'zod';
import { LANES } from '#fanout';
import { idText, instant } from '#http';

const rate = z.number().nonnegative();
const milliseconds = z.number().nonnegative();
const ratio = z.number().min(0).max(1).nullable().describe('Null where nothing was asked.');
const count = z.int().nonnegative();

const instance = z
  .strictObject({
    instance: z.string().meta({ examples: ['post-service-k3f9a2'] }),
    service: z.string(),
    since: instant.describe('When it started.'),
    requestsPerSecond: rate,
    eventLoopDelay: z
      .strictObject({ p99Ms: milliseconds, longestMs: milliseconds })
      .describe('How much later than due timers ran, in the worst of the last five seconds.'),
  })
  .meta({ id: 'InstanceVitals' });

const lane = z
  .strictObject({
    lane: z.enum(LANES),
    postsPerSecond: rate.describe('Posts that have reached their last inbox.'),
    inboxesPerSecond: z.strictObject({ warm: rate, cold: rate }),
    lagMs: z
      .strictObject({ p50: milliseconds.nullable(), p99: milliseconds.nullable() })
      .describe('From the acceptance of a post to the last inbox that got it. Null where no post was delivered.'),
  })
  .meta({ id: 'LaneVitals' });

const cache = z
  .strictObject({
    kind: z.string().meta({ examples: ['post'] }),
    readsPerSecond: rate,
    hitRatio: z
      .strictObject({ local: ratio, shared: ratio })
      .describe('Reads answered in the process; of the others, by the tier that the instances share.'),
    keysLoadedPerSecond: rate,
    loadsPerSecond: rate.describe('Calls of the store, each for one key or many.'),
    failuresPerSecond: rate,
  })
  .meta({ id: 'CacheVitals' });

const writtenSet = z
  .strictObject({
    kind: z.enum(['followers', 'likes', 'reposts', 'replies', 'posts']),
    id: idText.describe('The post or the user that is counted for.'),
    total: count,
    shards: count.describe('Of the newest generation, which takes new members.'),
    generations: z.array(count),
    changesPerSecond: rate,
    busiestShare: z.number().min(0).max(1).describe('Of the changes, what the busiest shard takes.'),
  })
  .meta({ id: 'WrittenSet' });

const name = z
  .strictObject({
    handle: z.string(),
    displayName: z.string(),
    text: z.string().nullable().describe('How a post begins; null for a user.'),
  })
  .meta({ id: 'HotName' });

export const overview = z
  .strictObject({
    asOf: instant,
    whole: z.boolean().describe('False: the other instances could not be asked, this is of one alone.'),
    instances: z.array(instance),
    traffic: z.strictObject({
      requestsPerSecond: rate,
      failuresPerSecond: rate.describe('Answers 500 and 503.'),
      feedsPerSecond: z.strictObject({ complete: rate, rebuilding: rate, degraded: rate }),
    }),
    lanes: z.array(lane),
    caches: z.array(cache),
    stores: z.strictObject({ callsPerSecond: rate, failuresPerSecond: rate }),
    counters: z.strictObject({
      changesPerSecond: rate,
      commitsPerSecond: rate,
      lostPerSecond: rate.describe('Commits made again because another came first.'),
      drift: count.describe('Found by checks since the instances started; must be 0.'),
    }),
    writtenSets: z.array(writtenSet).describe('Counted sets with most changes, most first.'),
    names: z.record(z.string(), name).describe('What the ids of hot keys and written sets stand for, where known.'),
  })
  .meta({ id: 'Overview' });
export type Overview = z.output<typeof overview>;
