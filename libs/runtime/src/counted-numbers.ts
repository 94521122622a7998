import { type MemberIndex, totalOf, totalWith } from '#counters';
import type { PostId, UserId } from '#ids';
import type { NumbersFor, NumberSource } from '#presentation';
import type { Caches } from './caches.ts';

/** Numbers of posts through the cache, with what the viewer just did themselves put in. */
export class CountedNumbers implements NumberSource {
  constructor(
    private readonly caches: Pick<Caches, 'counts' | 'views'>,
    private readonly index: MemberIndex,
  ) {}

  async read(viewer: UserId | undefined, posts: readonly PostId[]): Promise<readonly NumbersFor[]> {
    const [counts, views, liked] = await Promise.all([
      this.caches.counts.getMany(posts),
      this.caches.views.getMany(posts),
      viewer === undefined ? undefined : this.index.findMany('likes', viewer, posts),
    ]);
    return posts.map((_, i) => {
      const { likes = [], replies = [], reposts = [] } = counts[i] ?? {};
      const numbers = {
        likeCount: totalWith(likes, liked?.[i]?.at),
        replyCount: totalOf(replies),
        repostCount: totalOf(reposts),
        viewCount: views[i] ?? 0,
      };
      return { numbers, liked: liked ? liked[i] !== undefined : null };
    });
  }
}
