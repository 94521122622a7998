import type { PostId, UserId } from '#ids';
import type { Post, User } from '#storage';
import type { Authored, PostView } from './post-view.ts';

/** Answers in the order asked for; undefined where there is nothing. */
export interface Lookup<Key, Value> {
  getMany(keys: readonly Key[]): readonly (Value | undefined)[] | Promise<readonly (Value | undefined)[]>;
}

export interface HydrationSources {
  readonly posts: Lookup<PostId, Post>;
  readonly users: Lookup<UserId, User>;
}

/**
 * Reads posts with their authors, and reposts with their originals: in the order asked for, undefined for what is
 * deleted or unknown, which goes for reposts of such posts, too. At most four batches, whatever the number of posts.
 */
export async function hydrate(sources: HydrationSources, ids: readonly PostId[]): Promise<(PostView | undefined)[]> {
  const posts = await sources.posts.getMany(ids);
  const originals = await readOriginals(sources, posts);
  const authors = await readAuthors(sources, [...posts, ...originals.values()]);
  const authored = (post: Post | undefined): Authored | undefined => {
    const author = post && authors.get(post.authorId);
    return author && { post, author };
  };
  return posts.map((post) => {
    const own = authored(post);
    if (!own) return undefined;
    if (own.post.repostOf === undefined) return { ...own, original: undefined };
    const original = authored(originals.get(own.post.repostOf));
    return original && { ...own, original };
  });
}

async function readOriginals(
  sources: HydrationSources,
  posts: readonly (Post | undefined)[],
): Promise<Map<PostId, Post>> {
  const ids = new Set<PostId>();
  for (const post of posts) if (post?.repostOf !== undefined) ids.add(post.repostOf);
  return readByKey(sources.posts, ids);
}

function readAuthors(
  sources: HydrationSources,
  posts: readonly (Post | undefined)[],
): Promise<Map<UserId, User>> | Map<UserId, User> {
  const ids = new Set<UserId>();
  for (const post of posts) if (post) ids.add(post.authorId);
  return readByKey(sources.users, ids);
}

async function readByKey<Key, Value>(lookup: Lookup<Key, Value>, keys: ReadonlySet<Key>): Promise<Map<Key, Value>> {
  const found = new Map<Key, Value>();
  if (keys.size === 0) return found;
  const asked = [...keys];
  const values = await lookup.getMany(asked);
  asked.forEach((key, i) => {
    const value = values[i];
    if (value !== undefined) found.set(key, value);
  });
  return found;
}
