import * as z from 'zod';
import { parseId, type UserId } from '#ids';
import { refuse } from './text-rules.ts';

const HANDLE = /^[A-Za-z0-9_]{3,30}$/;
const DETAIL = 'must be 3 to 30 of a-z 0-9 _';

/** Case does not matter; lower case inside. */
export const handle = z
  .string()
  .transform((text, ctx) => {
    if (!HANDLE.test(text)) refuse(ctx, 'malformed', DETAIL);
    return text.toLowerCase();
  })
  .meta({
    description: '3 to 30 of a-z 0-9 _; case does not matter, it is shown in lower case.',
    pattern: '^[A-Za-z0-9_]{3,30}$',
    examples: ['ada_l'],
  });

/** What `:user` in a path stands for. */
export type UserReference = { readonly id: UserId } | { readonly handle: string };

export const userReference = z
  .string()
  .transform((text, ctx): UserReference => {
    if (text.startsWith('@') && HANDLE.test(text.slice(1))) return { handle: text.slice(1).toLowerCase() };
    const id = parseId<UserId>(text);
    if (id === undefined) refuse(ctx, 'malformed', 'must be an id or @handle');
    return id === undefined ? z.NEVER : { id };
  })
  .meta({ description: 'An id, or a handle behind @.', examples: ['@ada_l'] });
