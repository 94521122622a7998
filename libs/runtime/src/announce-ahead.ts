import { type AuthorRoster, type BusBatch, type BusPosition, PostBus } from '#fanout';
import type { PostId, UserId } from '#ids';
import type { Caches } from './caches.ts';

/** How long a celebrity's new post counts as hot before its readers have shown that it is. */
const WARM_MS = 30_000;

/**
 * Warms a celebrity's new post on all instances before it is announced: whoever hears of it reads it at once, and all of them
 * at the same moment. The others' posts are not worth a place among the hot.
 */
export class AnnounceAhead extends PostBus {
  constructor(
    private readonly bus: PostBus,
    private readonly caches: Pick<Caches, 'posts' | 'counts' | 'views' | 'users' | 'heads'>,
    private readonly roster: AuthorRoster,
  ) {
    super();
  }

  async announcePost(postId: PostId, authorId: UserId): Promise<void> {
    if (this.#isCelebrity(authorId)) await this.#warm(postId, authorId);
    await this.bus.announcePost(postId, authorId);
  }

  announceRelations(viewer: UserId): Promise<void> {
    return this.bus.announceRelations(viewer);
  }

  isBehind(a: BusPosition, b: BusPosition): boolean {
    return this.bus.isBehind(a, b);
  }

  head(): Promise<BusPosition> {
    return this.bus.head();
  }

  read(after: BusPosition, limit: number, waitMs: number): Promise<BusBatch | undefined> {
    return this.bus.read(after, limit, waitMs);
  }

  #isCelebrity(author: UserId): boolean {
    return this.roster.isValid() && this.roster.records.has(author);
  }

  async #warm(post: PostId, author: UserId): Promise<void> {
    const { posts, counts, views, users, heads } = this.caches;
    await Promise.all([
      posts.prewarm([post], WARM_MS),
      counts.prewarm([post], WARM_MS),
      views.prewarm([post], WARM_MS),
      users.prewarm([author], WARM_MS),
      heads.prewarm([author], WARM_MS),
    ]);
  }
}
