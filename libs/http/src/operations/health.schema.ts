import * as z from 'zod';

const dependency = z
  .object({ status: z.enum(['up', 'down']), message: z.string().optional(), responseTime: z.number().optional() })
  .meta({ description: 'responseTime in milliseconds.' });
const byName = z.record(z.string(), dependency);

export const liveness = z.strictObject({ status: z.literal('ok') }).meta({ id: 'Liveness' });

export const readiness = z
  .strictObject({
    status: z.enum(['ok', 'error', 'shutting_down']),
    info: byName.describe('What works.'),
    error: byName.describe('What does not.'),
    details: byName.describe('Both.'),
  })
  .meta({ id: 'Readiness' });
