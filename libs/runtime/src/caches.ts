import type { CountedSets, Counts, MemberIndex, ViewBuffer } from '#counters';
import { countCacheLimits, CountSource, isSettled, settledCountLimits, viewCacheLimits, ViewCounts } from '#counters';
import {
  type HotCache,
  idKeys,
  jsonCodec,
  type OwnRegion,
  type Region,
  type StoreGuard,
  textKeys,
  type ValueCodec,
} from '#hot-cache';
import type { PostId, UserId } from '#ids';
import type { Clock } from '#kernel';
import { type AuthorHead, loadHeads } from '#presentation';
import type { CountedSubject, IndexState, Post, Stores, User } from '#storage';
import { ProfileSource, type ProfileTotals } from './profile-source.ts';

/** Everything that is read through the cache. */
export interface Caches {
  readonly cache: HotCache;
  readonly posts: Region<PostId, Post>;
  readonly users: Region<UserId, User>;
  readonly handles: Region<string, UserId>;
  readonly heads: Region<UserId, AuthorHead>;
  readonly counts: Region<PostId, PostCounts>;
  readonly views: Region<PostId, number>;
  readonly profiles: Region<UserId, ProfileTotals>;
  /** What a viewer likes, and how the viewer's own change left the count: see `CountSource`. */
  readonly likes: OwnRegion<UserId, PostId, IndexState>;
}

export type PostCounts = Counts<'likes' | 'replies' | 'reposts'>;

export interface CachedSources {
  /** Not behind their guards: loads have one of their own. */
  readonly stores: Stores;
  readonly sets: CountedSets;
  readonly memberIndex: MemberIndex;
  readonly viewBuffer: ViewBuffer;
  readonly clock: Clock;
}

export interface LoadTerms {
  readonly guard: StoreGuard | undefined;
  /** Whether the last known value may stand in where the source fails. */
  readonly lastKnown: boolean;
}

export function openCaches(
  cache: HotCache,
  { stores, sets, memberIndex, viewBuffer, clock }: CachedSources,
  { guard, lastKnown }: LoadTerms,
): Caches {
  const postCounts = new CountSource(sets, ['likes', 'replies', 'reposts']);
  const profiles = new ProfileSource(sets, memberIndex);
  const views = new ViewCounts(stores.views, viewBuffer);
  const settled = {
    ...settledCountLimits,
    has: ({ changedAtMs }: { changedAtMs: number }) => isSettled(changedAtMs, clock.now()),
  };
  const terms = { ...(guard && { guard }), ...(!lastKnown && { lastKnownMs: 0 }) };
  return {
    cache,
    posts: cache.region<PostId, Post>({
      name: 'post',
      keys: idKeys<PostId>(),
      codec: jsonCodec<Post>(),
      load: (ids) => stores.posts.findMany(ids),
      ...terms,
      bytesMax: 64 << 20,
    }),
    users: cache.region<UserId, User>({
      name: 'user',
      keys: idKeys<UserId>(),
      codec: jsonCodec<User>(),
      load: (ids) => stores.users.findMany(ids),
      ...terms,
    }),
    handles: cache.region<string, UserId>({
      name: 'handle',
      keys: textKeys,
      codec: jsonCodec<UserId>(),
      load: (handles) => Promise.all(handles.map((handle) => stores.users.findIdByHandle(handle))),
      ...terms,
      bytesMax: 8 << 20,
    }),
    heads: cache.region<UserId, AuthorHead>({
      name: 'head',
      keys: idKeys<UserId>(),
      codec: headCodec,
      load: (authors) => loadHeads(stores.timelines, authors),
      ...terms,
    }),
    counts: cache.region<PostId, PostCounts>({
      name: 'counts',
      keys: idKeys<PostId>(),
      codec: postCounts.codec,
      load: (posts) => postCounts.load(posts),
      settled,
      ...countCacheLimits,
      ...terms,
    }),
    views: cache.region<PostId, number>({
      name: 'views',
      keys: idKeys<PostId>(),
      codec: jsonCodec<number>(),
      load: (posts) => views.totals(posts),
      ...viewCacheLimits,
      ...terms,
    }),
    profiles: cache.region<UserId, ProfileTotals>({
      name: 'profile',
      keys: idKeys<UserId>(),
      codec: profiles.codec,
      load: (users) => profiles.load(users),
      settled,
      ...countCacheLimits,
      ...terms,
    }),
    likes: cache.ownRegion<UserId, PostId, IndexState>({
      name: 'likes',
      owners: idKeys<UserId>(),
      valueBytes: 150,
      load: (viewer, posts) => memberIndex.lookUp('likes', viewer, posts),
    }),
  };
}

/** The floor, then the ids, eight big-endian bytes each. */
const headCodec: ValueCodec<AuthorHead> = {
  encode({ ids, floor }) {
    const bytes = Buffer.allocUnsafe(8 * (ids.length + 1));
    bytes.writeBigUInt64BE(floor, 0);
    ids.forEach((id, i) => bytes.writeBigUInt64BE(id, 8 * (i + 1)));
    return bytes;
  },
  decode(bytes) {
    const ids = new BigUint64Array(bytes.length / 8 - 1);
    for (let i = 0; i < ids.length; i++) ids[i] = bytes.readBigUInt64BE(8 * (i + 1));
    return Object.freeze({ ids, floor: bytes.readBigUInt64BE(0) });
  },
};

/** Throws out the count of a set that was quiet until now. */
export async function invalidateCount({ counts, profiles }: Caches, { kind, id }: CountedSubject): Promise<void> {
  if (kind === 'followers' || kind === 'posts') await profiles.invalidate([id as UserId]);
  else await counts.invalidate([id as PostId]);
}

/** Throws out what a new post has made old; resolves when this process serves nothing older any more. */
export async function invalidatePost({ posts, heads }: Caches, { id, authorId }: Post): Promise<void> {
  await Promise.all([posts.invalidate([id]), heads.invalidate([authorId])]);
}

/** Makes a new post known in all processes; resolves when none reads its author's timeline without it. */
export async function announcePost({ heads }: Caches, { authorId }: Post): Promise<void> {
  await heads.invalidateEverywhere([authorId]);
}

/** Throws out a deleted post; resolves when no process shows it any more. */
export async function retractPost({ posts, heads }: Caches, { id, authorId }: Post): Promise<void> {
  await Promise.all([posts.invalidateEverywhere([id]), heads.invalidate([authorId])]);
}
