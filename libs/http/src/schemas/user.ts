import * as z from 'zod';
import { handle } from './handle.ts';
import { idText, instant } from './id.ts';
import { listOf } from './list.ts';
import { readableText, secretText } from './text-rules.ts';

const PASSWORD = { min: 8, max: 128 };
const DISPLAY_NAME = { min: 1, max: 50 };
const count = z.int().nonnegative();

const displayName = readableText(DISPLAY_NAME).meta({
  description: 'Follows the rules of post text.',
  minLength: DISPLAY_NAME.min,
  maxLength: DISPLAY_NAME.max,
  examples: ['Ada Lovelace'],
});
const password = secretText(PASSWORD).meta({
  minLength: PASSWORD.min,
  maxLength: PASSWORD.max,
  format: 'password',
  examples: ['correct horse battery'],
});

export const registration = z
  .strictObject({ handle, password, displayName: displayName.optional().describe('The handle unless given.') })
  .meta({ id: 'Registration' });
export type Registration = z.output<typeof registration>;

/** A password of a wrong length is a wrong password here, not a malformed request. */
export const credentials = z
  .strictObject({ handle, password: secretText({ min: 1, max: PASSWORD.max }).meta({ format: 'password' }) })
  .meta({ id: 'Credentials' });
export type Credentials = z.output<typeof credentials>;

export const profileChange = z.strictObject({ displayName }).meta({ id: 'ProfileChange' });
export type ProfileChange = z.output<typeof profileChange>;

const example = {
  id: '221184398712832000',
  handle: 'ada_l',
  displayName: 'Ada Lovelace',
  createdAt: '2026-11-05T08:15:30.123Z',
  followerCount: 12_345,
  followingCount: 42,
  postCount: 7,
};
const userFields = {
  id: idText,
  handle: z.string().meta({ examples: ['ada_l'] }),
  displayName: z.string().meta({ examples: ['Ada Lovelace'] }),
  createdAt: instant,
  followerCount: count,
  followingCount: count,
  postCount: count.describe('All that are not deleted: posts, replies, reposts.'),
};
export const user = z.strictObject(userFields).meta({ id: 'User', examples: [example] });
export type UserBody = z.output<typeof user>;

export const profile = z
  .strictObject({ ...userFields, following: z.boolean().nullable().describe('Null without a token.') })
  .meta({ id: 'Profile', examples: [{ ...example, following: true }] });
export type ProfileBody = z.output<typeof profile>;

export const userList = listOf(user).meta({ id: 'UserList' });

const tokenFields = {
  token: z
    .string()
    .meta({ description: 'For `Authorization: Bearer <token>`.', examples: ['eyJhbGciOiJIUzI1NiJ9.e30.c2ln'] }),
  expiresAt: instant,
};
export const session = z.strictObject(tokenFields).meta({ id: 'Session' });
export type SessionBody = z.output<typeof session>;

export const registered = z.strictObject({ user, ...tokenFields }).meta({ id: 'Registered' });
export type RegisteredBody = z.output<typeof registered>;
