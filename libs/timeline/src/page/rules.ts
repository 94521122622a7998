import type { PostId, UserId } from '#ids';
import { type PostView, rootOf } from '#presentation';
import type { Relations } from '../relations/relations.ts';

/**
 * Whether a viewer may see an entry of their feed now. Pure; `view` is undefined for a post that is deleted, or a repost
 * whose original is.
 */
export function isVisible(
  view: PostView | undefined,
  relations: Relations,
  blocked: ReadonlySet<UserId>,
): view is PostView {
  if (!view) return false;
  const author = view.post.authorId;
  if (author !== relations.viewer) {
    if (!relations.follows.has(author) || relations.muted.has(author) || blocked.has(author)) return false;
  }
  const shown = view.original?.post.authorId;
  return shown === undefined || (!relations.muted.has(shown) && !blocked.has(shown));
}

/** The authors of entries and originals, apart from the viewer: whom a block may be about. */
export function authorsOf(views: readonly (PostView | undefined)[], viewer: UserId): UserId[] {
  const authors = new Set<UserId>();
  for (const view of views) {
    if (!view) continue;
    authors.add(view.post.authorId);
    if (view.original) authors.add(view.original.post.authorId);
  }
  authors.delete(viewer);
  return [...authors];
}

/** Within a page, entries with the same original show once, as the newest of them. */
export class Collapse {
  readonly #seen = new Set<PostId>();

  /** Whether this is the first entry of the page that shows its original. */
  admits(view: PostView): boolean {
    const { id } = rootOf(view);
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    return true;
  }
}
