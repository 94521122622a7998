import * as z from 'zod';
import { handle, idText, userId } from '#http';

const count = z.int().nonnegative();
const BATCH_MAX = 2000;

export const userImport = z.strictObject({ handles: z.array(handle).min(1).max(BATCH_MAX) }).meta({ id: 'UserImport' });
export type UserImport = z.output<typeof userImport>;

export const importedUsers = z
  .strictObject({
    users: z.array(
      z
        .strictObject({ handle: z.string(), id: idText, created: z.boolean(), postCount: count })
        .meta({ id: 'ImportedUser' }),
    ),
  })
  .meta({ id: 'ImportedUsers' });
export type ImportedUsers = z.output<typeof importedUsers>;

export const followImport = z
  .strictObject({
    follows: z
      .array(z.tuple([userId, userId]))
      .min(1)
      .max(BATCH_MAX)
      .describe('Pairs: the first follows the second.'),
  })
  .meta({ id: 'FollowImport' });
export type FollowImport = z.output<typeof followImport>;

export const postImport = z
  .strictObject({
    posts: z
      .array(z.tuple([userId, z.string().min(1).max(500)]))
      .min(1)
      .max(BATCH_MAX)
      .describe('Pairs: author and text.'),
  })
  .meta({ id: 'PostImport' });
export type PostImport = z.output<typeof postImport>;

export const imported = z.strictObject({ imported: count }).meta({ id: 'Imported' });
export type Imported = z.output<typeof imported>;
