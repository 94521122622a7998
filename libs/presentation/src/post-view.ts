import type { Post, User } from '#storage';

/** A post with its author, as immutable as both. */
export interface Authored {
  readonly post: Post;
  readonly author: User;
}

/** A post ready to be shown: for a repost with the original that it shows. */
export interface PostView extends Authored {
  readonly original: Authored | undefined;
}

/** The post whose text, counts and likes a view shows: a repost's are its original's. */
export function rootOf(view: PostView): Post {
  return view.original?.post ?? view.post;
}
