import type { PostId, UserId } from '#ids';
import type { Post, User } from '#storage';
import type { PostView } from './post-view.ts';

/** Answers in the order asked for; undefined where there is nothing. */
export interface Lookup<Key, Value> {
  getMany(keys: readonly Key[]): readonly (Value | undefined)[] | Promise<readonly (Value | undefined)[]>;
}

/** Answers that were at hand at one moment, and whether they would be the same now. */
export interface Holding<Value = never> {
  isMadeOf(values: readonly (Value | undefined)[]): boolean;
  readonly isCurrent: boolean;
}

export interface HeldLookup<Key, Value> extends Lookup<Key, Value> {
  /** Undefined where an answer is not at hand. */
  hold(keys: readonly Key[]): Holding<Value> | undefined;
}

export interface HydrationSources {
  readonly posts: HeldLookup<PostId, Post>;
  readonly users: HeldLookup<UserId, User>;
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

/** Holds on to what the views were made of; undefined where that is not what would be found now. */
export function holdViews({ posts, users }: HydrationSources, views: readonly PostView[]): Holding[] | undefined {
  const shown = views.flatMap((view) => (view.original ? [view, view.original] : [view]));
  const heldPosts = posts.hold(shown.map(({ post }) => post.id));
  const heldUsers = users.hold(shown.map(({ author }) => author.id));
  if (!heldPosts?.isMadeOf(shown.map(({ post }) => post))) return undefined;
  if (!heldUsers?.isMadeOf(shown.map(({ author }) => author))) return undefined;
  return [heldPosts, heldUsers];
}
