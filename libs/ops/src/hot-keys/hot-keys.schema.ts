import * as z from 'zod';
import { instant, postId, userId } from '#http';

const rate = z.number().nonnegative();
const ratio = z.number().min(0).max(1);
const milliseconds = z.number().nonnegative();
const count = z.int().nonnegative();

const kind = z
  .string()
  .meta({ description: 'What kind of thing it is.', examples: ['post', 'user', 'head', 'counts'] });
const key = z.string().meta({ description: 'An id, or a handle.', examples: ['221184398712832000'] });
const instance = z.string().meta({ examples: ['timeline-service-k3f9a2'] });

const readKey = z
  .strictObject({
    kind,
    key,
    readsPerSecond: rate.describe('On all instances; a lower bound.'),
    share: ratio.describe('Of all reads of its kind.'),
    instances: z.array(z.strictObject({ instance, readsPerSecond: rate })).describe('Where it is read, busiest first.'),
  })
  .meta({ id: 'ReadKey' });

const hotKey = z
  .strictObject({
    ...readKey.shape,
    hitRatio: z
      .strictObject({ local: ratio, shared: ratio })
      .describe(
        'Of this instance since the key is hot: reads answered in the process; of the others, by the shared tier.',
      ),
    latencyMs: milliseconds.describe('Of reads that left the process; a moving average.'),
    errors: count,
    mitigations: z.array(z.string()).meta({ description: 'In force now.', examples: [['hot-room', 'copies-3']] }),
    since: instant,
  })
  .meta({ id: 'HotKey' });

const hotSpell = z
  .strictObject({ kind, key, since: instant, until: instant, peakPerSecond: rate })
  .meta({ id: 'HotSpell', description: 'A time during which a key was hot.' });

const cachedKind = z
  .strictObject({
    kind,
    reads: count,
    hitRatio: z.strictObject({ local: ratio, shared: ratio }),
    loads: count.describe('Calls of the store.'),
    entries: count,
    bytes: count,
  })
  .meta({ id: 'CachedKind', description: 'What this instance did with one kind of thing since it started.' });

const redisNode = z
  .strictObject({
    role: z.string().meta({ examples: ['cache', 'cache, inboxes, queue'] }),
    node: z.string().meta({ examples: ['127.0.0.1:6379'] }),
    commandsPerSecond: rate,
    cpuShare: z.number().nonnegative().describe('Of one core.'),
    hotKeys: z
      .array(z.strictObject({ key: z.string(), frequency: count }))
      .describe("By Redis' own logarithmic counter; empty unless its eviction policy is LFU."),
  })
  .meta({ id: 'RedisNode' });

const storeNode = z
  .strictObject({
    node: z.string(),
    requestsPerSecond: rate,
    tables: z.array(
      z.strictObject({
        table: z.string(),
        readsPerSecond: rate,
        writesPerSecond: rate,
        readP99Ms: milliseconds,
        writeP99Ms: milliseconds,
      }),
    ),
  })
  .meta({ id: 'StoreNode' });

const loadSkew = z
  .strictObject({
    of: z.string().meta({ examples: ['redis cache', 'queue small', 'store', 'counter likes 221184398712832000'] }),
    unit: z.string().meta({ examples: ['commands/s'] }),
    ratio: z.number().min(1).describe('The busiest over the mean: 1 is even.'),
    busiest: z.string().nullable(),
    alert: z.boolean().describe('Above 3, under a load worth the name.'),
    loads: z.record(z.string(), z.number()),
  })
  .meta({ id: 'LoadSkew' });

export const hotKeys = z
  .strictObject({
    asOf: instant,
    instance,
    stalenessBoundMs: milliseconds.describe('The greatest staleness of any cached read after a change.'),
    hotFromPerSecond: rate.describe('A key is hot when it is read so often, on all instances together.'),
    hotKeys: z.array(hotKey).describe('Hottest first.'),
    busiest: z.array(readKey).describe('What is read most without being hot, most first.'),
    history: z.array(hotSpell).describe('Of the last five minutes, newest first.'),
    caches: z.array(cachedKind),
    redis: z.array(redisNode),
    store: z.array(storeNode).describe('Empty where the store is embedded.'),
    skew: z.array(loadSkew),
  })
  .meta({ id: 'HotKeys' });
export type HotKeysBody = z.output<typeof hotKeys>;

const THINGS_MAX = 20;
const DAY_SECONDS = 86_400;

export const prewarming = z
  .strictObject({
    posts: z.array(postId).max(THINGS_MAX).default([]),
    authors: z.array(userId).max(THINGS_MAX).default([]).describe('Their profiles.'),
    heads: z
      .array(userId)
      .max(THINGS_MAX)
      .default([])
      .describe('The newest posts of these authors, as feeds read them.'),
    inSeconds: z.int().min(0).max(DAY_SECONDS).default(0).describe('When the crowd is expected.'),
    forSeconds: z.int().min(1).max(3_600).default(60).describe('How long they count as hot, whatever their rates.'),
  })
  .refine(({ posts, authors, heads }) => posts.length + authors.length + heads.length > 0, {
    path: ['posts'],
    error: 'name at least one post, author or head',
  })
  .meta({ id: 'Prewarming' });
export type Prewarming = z.output<typeof prewarming>;

export const prewarmed = z
  .strictObject({ keys: count.describe('Cached things that will be warm.'), from: instant, until: instant })
  .meta({ id: 'Prewarmed' });
export type Prewarmed = z.output<typeof prewarmed>;
