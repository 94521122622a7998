import { timeOf } from '#ids';
import type { User } from '#storage';
import type { Authored, PostView } from './post-view.ts';

/** What of a post changes from moment to moment. */
export interface PostNumbers {
  readonly likeCount: number;
  readonly replyCount: number;
  readonly repostCount: number;
  readonly viewCount: number;
}

/** What of a post is the viewer's own: null without one. */
export type Liked = boolean | null;

/**
 * A post as JSON text, in the contract's form. The part that does not change is made once per cached post (the caches
 * hand out the same frozen objects for as long as they hold them); numbers and the viewer's part are stitched to it.
 */
export function postJson(view: PostView, numbers: PostNumbers, liked: Liked): string {
  const tail = tailJson(numbers, liked);
  if (!view.original) return `${headJson(view)}null${tail}`;
  return `${headJson(view)}${headJson(view.original)}null${tail}${tail}`;
}

/** The same without the number of views, which every reader changes: what an ETag stands for. */
export function stableJson(view: PostView, numbers: PostNumbers, liked: Liked): string {
  return postJson(view, { ...numbers, viewCount: 0 }, liked);
}

interface Fragment {
  readonly author: User;
  readonly json: string;
}

const fragments = new WeakMap<object, Fragment>();

function headJson({ post, author }: Authored): string {
  const known = fragments.get(post);
  if (known?.author === author) return known.json;
  const json = JSON.stringify({
    id: String(post.id),
    author: { id: String(author.id), handle: author.handle, displayName: author.displayName },
    text: post.text,
    createdAt: new Date(timeOf(post.id)).toISOString(),
    replyTo: post.replyTo === undefined ? null : String(post.replyTo),
  });
  const open = `${json.slice(0, -1)},"repostOf":`;
  fragments.set(post, { author, json: open });
  return open;
}

function tailJson({ likeCount, replyCount, repostCount, viewCount }: PostNumbers, liked: Liked): string {
  return `,"likeCount":${likeCount},"replyCount":${replyCount},"repostCount":${repostCount},"viewCount":${viewCount},"likedByMe":${liked}}`;
}
