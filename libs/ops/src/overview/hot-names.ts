import { parseId, type PostId, type UserId } from '#ids';
import type { Caches } from '#runtime';
import type { Overview } from './overview.schema.ts';

/** Which regions and kinds name users, and which posts, by their ids. */
const OF_USERS = new Set(['user', 'head', 'profile', 'followers', 'posts']);
const OF_POSTS = new Set(['post', 'counts', 'views', 'likes', 'reposts', 'replies']);
const TEXT_CHARACTERS = 80;
const NAMES_MAX = 50;

export interface Named {
  /** A region of the cache, or a kind of counted set. */
  readonly kind: string;
  readonly key: string;
}

/** Who and what is behind ids, for people; through the cache, which has what is hot. */
export async function hotNames({ posts, users }: Pick<Caches, 'posts' | 'users'>, hot: readonly Named[]) {
  const userIds = idsOf<UserId>(hot, OF_USERS);
  const postIds = idsOf<PostId>(hot, OF_POSTS);
  const found = (await posts.getMany(postIds)).flatMap((post) => post ?? []);
  const authors = await users.getMany([...new Set([...userIds, ...found.map(({ authorId }) => authorId)])]);
  const byId = new Map(authors.flatMap((user) => (user ? [[user.id, user] as const] : [])));
  const names: Overview['names'] = {};
  for (const id of userIds) {
    const user = byId.get(id);
    if (user) names[String(id)] = { handle: user.handle, displayName: user.displayName, text: null };
  }
  for (const { id, authorId, text } of found) {
    const { handle = '', displayName = '' } = byId.get(authorId) ?? {};
    names[String(id)] = { handle, displayName, text: beginningOf(text) };
  }
  return names;
}

function idsOf<Id extends bigint>(hot: readonly Named[], kinds: ReadonlySet<string>): Id[] {
  const ids = hot.flatMap(({ kind, key }) => (kinds.has(kind) ? (parseId(key) ?? []) : []));
  return [...new Set(ids)].slice(0, NAMES_MAX) as bigint[] as Id[];
}

/** Whole characters: half of a surrogate pair would be no text. */
function beginningOf(text: string): string {
  return Array.from(text).slice(0, TEXT_CHARACTERS).join('');
}
