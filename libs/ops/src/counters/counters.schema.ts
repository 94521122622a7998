import * as z from 'zod';
import { idText } from '#http';

const count = z.int().nonnegative();
const kind = z.enum(['followers', 'likes', 'reposts', 'replies', 'posts']);
const subject = { kind, id: idText.describe('The post or the user that is counted for.') };
const generations = z
  .array(count)
  .describe('Shards of each generation, oldest first: only the last takes new members.');

export const hotSets = z
  .strictObject({
    items: z.array(
      z.strictObject({
        ...subject,
        generations,
        changesPerSecond: z.number().nonnegative().describe('By this process, lately.'),
      }),
    ),
  })
  .meta({ id: 'HotCounters' });
export type HotSets = z.output<typeof hotSets>;

export const countedSets = z
  .strictObject({
    items: z.array(
      z.strictObject({
        ...subject,
        total: count,
        generations,
        shards: z.array(z.strictObject({ generation: count, shard: count, total: count })),
      }),
    ),
  })
  .meta({ id: 'Counters' });
export type CountedSetsBody = z.output<typeof countedSets>;

export const setChecks = z
  .strictObject({
    items: z.array(
      z.strictObject({
        ...subject,
        members: count.describe('As counted one by one.'),
        drift: z.int().describe('What the total said beyond that; repaired by now. Must be 0.'),
        doubles: count.describe('Members that were counted twice; repaired by now. Must be 0.'),
        busyShards: count.describe('Shards that changed too often to be counted.'),
        generations,
      }),
    ),
  })
  .meta({ id: 'CounterChecks' });
export type SetChecks = z.output<typeof setChecks>;
