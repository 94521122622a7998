import * as z from 'zod';
import { type AnyId, type PostId, parseId, type UserId } from '#ids';
import { refuse } from './text-rules.ts';

const EXAMPLE = '221184398712832000';
const PATTERN = '^[1-9][0-9]{0,18}$';

function id<Id extends AnyId>(description: string) {
  return z
    .string()
    .transform((text, ctx): Id => {
      const parsed = parseId<Id>(text);
      if (parsed === undefined) refuse(ctx, 'malformed', 'must be an id: a decimal number from 1 to 2^63-1');
      return parsed ?? z.NEVER;
    })
    .meta({ description, pattern: PATTERN, examples: [EXAMPLE] });
}

/** Ids in requests: strings outside, branded bigints inside. */
export const postId = id<PostId>('The id of a post.');
export const userId = id<UserId>('The id of a user.');

/** Ids in answers. */
export const idText = z
  .string()
  .meta({ description: 'A time-ordered 64-bit id.', pattern: PATTERN, examples: [EXAMPLE] });

export const instant = z
  .string()
  .meta({ description: 'RFC 3339, UTC.', format: 'date-time', examples: ['2026-11-05T08:15:30.123Z'] });
