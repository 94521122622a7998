import type { PostId, UserId } from '#ids';
import type { Post, User } from '#storage';
import type { PostView } from './post-view.ts';

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
export async function hydrate(
  { posts, users }: HydrationSources,
  ids: readonly PostId[],
): Promise<(PostView | undefined)[]> {
  const found = await posts.getMany(ids);
  const reposted = originalsAmong(found);
  if (reposted.length === 0) return withAuthors(users, found);
  const readOriginals = async () => withAuthors(users, await posts.getMany(reposted));
  const [views, originals] = await Promise.all([withAuthors(users, found), readOriginals()]);
  const originalOf = new Map(reposted.map((id, i) => [id, originals[i]]));
  return views.map((view) => {
    if (view?.post.repostOf === undefined) return view;
    const original = originalOf.get(view.post.repostOf);
    return original && { ...view, original };
  });
}

function originalsAmong(posts: readonly (Post | undefined)[]): PostId[] {
  const ids = new Set<PostId>();
  for (const post of posts) if (post?.repostOf !== undefined) ids.add(post.repostOf);
  return [...ids];
}

/** An author is asked for once a post: cheaper than finding out which authors are the same. */
async function withAuthors(
  users: HydrationSources['users'],
  posts: readonly (Post | undefined)[],
): Promise<(PostView | undefined)[]> {
  const authors = await users.getMany(posts.flatMap((post) => post?.authorId ?? []));
  let next = 0;
  return posts.map((post) => {
    const author = post && authors[next++];
    return author && { post, author, original: undefined };
  });
}
