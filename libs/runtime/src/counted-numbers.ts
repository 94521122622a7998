import { totalOf, totalWith } from '#counters';
import type { PostId, UserId } from '#ids';
import type { NumbersFor, NumberSource, PostNumbers } from '#presentation';
import type { Caches, PostCounts } from './caches.ts';

/** Where the member's own index saw the set when the viewer liked. */
type LikedAt = Parameters<typeof totalWith>[1];

/**
 * Numbers of posts through the cache, with what the viewer just did themselves put in. Views are approximate, so that
 * ones that can't be had now show as none and keep nobody from the rest.
 */
export class CountedNumbers implements NumberSource {
  constructor(private readonly caches: Pick<Caches, 'counts' | 'views' | 'likes'>) {}

  async read(viewer: UserId | undefined, posts: readonly PostId[]): Promise<readonly NumbersFor[]> {
    const [counts, views, liked] = await Promise.all([
      this.caches.counts.getMany(posts),
      this.caches.views.getPartial(posts),
      viewer === undefined ? undefined : this.caches.likes.getMany(viewer, posts),
    ]);
    return posts.map((_, i) => ({
      numbers: numbersOf(counts[i], views.values[i], liked?.[i]?.at),
      liked: liked ? liked[i] !== undefined : null,
    }));
  }

  peek(post: PostId): PostNumbers | undefined {
    const counts = this.caches.counts.peek(post);
    const views = this.caches.views.peek(post);
    return counts === undefined || views === undefined ? undefined : numbersOf(counts ?? undefined, views ?? 0);
  }
}

function numbersOf(counts: PostCounts | undefined, views: number | undefined, likedAt?: LikedAt): PostNumbers {
  const { likes = [], replies = [], reposts = [] } = counts ?? {};
  return {
    likeCount: totalWith(likes, likedAt),
    replyCount: totalOf(replies),
    repostCount: totalOf(reposts),
    viewCount: views ?? 0,
  };
}
