import type { PostId, UserId } from '#ids';
import type { Post, User } from '#storage';
import { postJson, type PostNumbers, stableJson } from './post-json.ts';
import type { Authored, PostView } from './post-view.ts';
import { rootOf } from './post-view.ts';

/** Looks into this process alone: null where the thing is known not to exist, undefined where it cannot tell. */
export interface Peek<Key, Value> {
  peek(key: Key): Value | null | undefined;
}

export interface ReadySources {
  readonly posts: Peek<PostId, Post>;
  readonly users: Peek<UserId, User>;
  readonly numbers: { peek(post: PostId): PostNumbers | undefined };
}

/** A post as every reader without a token gets it. */
export interface ReadyPost {
  /** JSON in UTF-8, one character for each byte. */
  readonly bytes: string;
  readonly etag: string;
  /** Whose views and counts it shows. */
  readonly root: PostId;
}

interface Made extends ReadyPost {
  readonly view: PostView;
  readonly numbers: PostNumbers;
}

/** Far more than are ever hot at once. */
const POSTS_MAX = 1_000;

/**
 * Posts as bytes, made once for each state of a post instead of once for each read. What is cached says what they are made
 * of, so they are never older than it: as long as the caches hand out the same objects, so does this. A few hundred
 * nanoseconds a read, no promise.
 */
export class ReadyPosts {
  readonly #made = new Map<PostId, Made>();

  constructor(
    private readonly sources: ReadySources,
    private readonly etagOf: (text: string) => string,
  ) {}

  /** Undefined where something of it is not in this process. */
  find(id: PostId): ReadyPost | undefined {
    const own = this.#authored(id);
    if (own === undefined) return undefined;
    const original = own.post.repostOf === undefined ? undefined : this.#authored(own.post.repostOf);
    if (own.post.repostOf !== undefined && original === undefined) return undefined;
    const numbers = this.sources.numbers.peek(original?.post.id ?? id);
    if (numbers === undefined) return undefined;
    const known = this.#made.get(id);
    if (known && sameAuthored(known.view, own) && sameAuthored(known.view.original, original))
      if (sameNumbers(known.numbers, numbers)) return known;
    return this.#make(id, { ...own, original }, numbers);
  }

  #authored(id: PostId): Authored | undefined {
    const post = this.sources.posts.peek(id);
    const author = post && this.sources.users.peek(post.authorId);
    return author ? { post, author } : undefined;
  }

  #make(id: PostId, view: PostView, numbers: PostNumbers): Made {
    if (this.#made.size >= POSTS_MAX) this.#made.clear();
    const bytes = Buffer.from(postJson(view, numbers, null)).toString('latin1');
    const etag = this.etagOf(stableJson(view, numbers, null));
    const made = { view, numbers, bytes, etag, root: rootOf(view).id };
    this.#made.set(id, made);
    return made;
  }
}

function sameAuthored(a: Authored | undefined, b: Authored | undefined): boolean {
  return a?.post === b?.post && a?.author === b?.author;
}

function sameNumbers(a: PostNumbers, b: PostNumbers): boolean {
  return (
    a.likeCount === b.likeCount &&
    a.replyCount === b.replyCount &&
    a.repostCount === b.repostCount &&
    a.viewCount === b.viewCount
  );
}
