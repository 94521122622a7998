import type { Page, Post } from './api.ts';

/** Ids are decimal numbers of up to 19 digits, and grow with time. */
export function isNewer(id: string, other: string): boolean {
  return id.length === other.length ? id > other : id.length > other.length;
}

/** Newest first, and each once: the one implies the other. */
export function isDescending(posts: readonly Post[]): boolean {
  return posts.every((post, i) => i === 0 || isNewer((posts[i - 1] as Post).id, post.id));
}

export function areDistinct(ids: readonly string[]): boolean {
  return new Set(ids).size === ids.length;
}

/** Within one page an original shows once, as itself or as a repost. */
export function isCollapsed({ items }: Page<Post>): boolean {
  return areDistinct(items.map(({ id, repostOf }) => repostOf?.id ?? id));
}

/** A page may hold less than was asked for only at the end of the list, or when it says why. */
export function isFullOrSaysWhy({ items, nextCursor, state }: Page<Post>, limit: number): boolean {
  return items.length === limit || nextCursor === null || state !== 'complete';
}

/** Whether the page holds a post, or has room for newer ones only. */
export function showsOrIsAbove({ items }: Page<Post>, id: string): boolean {
  const last = items[items.length - 1];
  return items.some((post) => post.id === id) || (last !== undefined && isNewer(last.id, id));
}
