import * as z from 'zod';
import { idText, instant } from '#http';
import { QUEUE_LANES } from '#fanout';

const count = z.int().nonnegative();

const queueStatus = z
  .strictObject({
    lane: z.enum(QUEUE_LANES),
    queue: z.string(),
    waiting: count,
    active: count,
    delayed: count.describe('Failed, and waiting for its next attempt.'),
    waitingChildren: count.describe('Fan-outs that wait for their last chapter.'),
    deadLetters: count.describe('Failed for good: see `deadLetters`.'),
  })
  .meta({ id: 'QueueStatus' });

const deadLetter = z
  .strictObject({
    queue: z.string(),
    jobId: z.string(),
    job: z.string(),
    postId: idText,
    authorId: idText,
    attempts: count,
    reason: z.string(),
    failedAt: instant,
  })
  .meta({ id: 'DeadLetter' });

export const fanoutStatus = z
  .strictObject({
    queues: z.array(queueStatus),
    outbox: z.strictObject({
      oldest: instant.nullable().describe('Since when the oldest post or deletion waits to be finished.'),
    }),
    deadLetters: z.array(deadLetter),
  })
  .meta({ id: 'FanoutStatus' });
export type FanoutStatus = z.output<typeof fanoutStatus>;

export const replayed = z.strictObject({ replayed: count }).meta({ id: 'Replayed' });
export type Replayed = z.output<typeof replayed>;
