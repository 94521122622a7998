import * as z from 'zod';
import type { PostId } from '#ids';
import { idText, instant, postId } from './id.ts';
import { listOf } from './list.ts';
import { readableText, refuse } from './text-rules.ts';

const TEXT = { min: 1, max: 500 };
const count = z.int().nonnegative();

const text = readableText(TEXT).meta({
  description: 'Kept as sent. Code points are counted; no control character but newline and tab.',
  minLength: TEXT.min,
  maxLength: TEXT.max,
  examples: ['Hello, world'],
});

/** A post or reply, or a repost. */
export type NewPost =
  | { readonly kind: 'post'; readonly text: string; readonly replyTo: PostId | undefined }
  | { readonly kind: 'repost'; readonly repostOf: PostId };

export const newPost = z
  .strictObject({ text: text.optional(), replyTo: postId.optional(), repostOf: postId.optional() })
  .transform(({ text, replyTo, repostOf }, ctx): NewPost => {
    if (repostOf === undefined) {
      if (text === undefined) refuse(ctx, 'required', 'is required unless repostOf is given', ['text']);
      return { kind: 'post', text: text ?? '', replyTo };
    }
    if (text !== undefined) refuse(ctx, 'not_allowed', 'does not go with repostOf', ['text']);
    if (replyTo !== undefined) refuse(ctx, 'not_allowed', 'does not go with repostOf', ['replyTo']);
    return { kind: 'repost', repostOf };
  })
  .meta({ id: 'NewPost', oneOf: [{ required: ['text'] }, { required: ['repostOf'] }] });

const author = z.strictObject({ id: idText, handle: z.string(), displayName: z.string() }).meta({ id: 'Author' });

const example = {
  id: '221184398712832001',
  author: { id: '221184398712832000', handle: 'ada_l', displayName: 'Ada Lovelace' },
  text: 'Hello, world',
  createdAt: '2026-11-05T08:15:30.123Z',
  replyTo: null,
  repostOf: null,
  likeCount: 1_024,
  replyCount: 12,
  repostCount: 3,
  viewCount: 65_536,
  likedByMe: false,
};
const originalFields = {
  id: idText,
  author,
  text: z.string(),
  createdAt: instant,
  replyTo: idText.nullable(),
  repostOf: z.null(),
  likeCount: count,
  replyCount: count,
  repostCount: count,
  viewCount: count,
  likedByMe: z.boolean().nullable().describe('Null without a token.'),
};
const original = z.strictObject(originalFields).meta({ id: 'Original', examples: [example] });

export const post = z
  .strictObject({
    ...originalFields,
    repostOf: original.nullable().describe('The whole original of a repost, whose text is empty.'),
  })
  .meta({ id: 'Post', examples: [example] });

export const postList = listOf(post).meta({ id: 'PostList' });

const feedState = z.enum(['complete', 'rebuilding', 'degraded']);
export const feedPage = z
  .strictObject({ ...listOf(post).shape, state: feedState.describe('Why a page may hold less than it should.') })
  .meta({ id: 'FeedPage' });
