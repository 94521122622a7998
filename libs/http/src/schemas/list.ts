import * as z from 'zod';
import { refuse } from './text-rules.ts';

const LIMIT_MAX = 100;
const LIMIT_DEFAULT = 20;

const limit = z
  .string()
  .optional()
  .transform((text = String(LIMIT_DEFAULT), ctx) => {
    const value = /^[1-9]\d{0,2}$/.test(text) ? Number(text) : 0;
    if (value < 1 || value > LIMIT_MAX) refuse(ctx, 'out_of_range', `must be a whole number from 1 to ${LIMIT_MAX}`);
    return value;
  })
  .meta({
    description: `1 to ${LIMIT_MAX}; ${LIMIT_DEFAULT} unless given.`,
    type: 'integer',
    minimum: 1,
    maximum: LIMIT_MAX,
  });

/** The query of every list. What a cursor holds is for the list to say: see `ListCursor`. */
export const listQuery = z.strictObject({
  limit,
  cursor: z
    .string()
    .optional()
    .meta({ description: 'The `nextCursor` of the page before. Opaque; belongs to this list only.' }),
});
export type ListQuery = z.output<typeof listQuery>;

const nextCursor = z
  .string()
  .nullable()
  .meta({ description: 'Where the next page starts; null on the last one.', examples: ['AQMRthSjFAAAbxVgmg'] });

export const listOf = <Item extends z.ZodType>(item: Item) => z.strictObject({ items: z.array(item), nextCursor });

export interface List<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}
