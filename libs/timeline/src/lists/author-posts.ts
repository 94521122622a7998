import type { AuthorRoster } from '#fanout';
import { ABOVE_ALL_IDS, type PostId, type UserId } from '#ids';
import type { AuthorHead, Lookup } from '#presentation';
import type { AuthorTimelineStore } from '#storage';
import type { IdLister } from './post-lists.ts';

export interface AuthorPostsSources {
  readonly timelines: AuthorTimelineStore;
  readonly heads: Lookup<UserId, AuthorHead>;
  readonly roster: Pick<AuthorRoster, 'isValid' | 'records'>;
}

/**
 * The posts of an author, newest first. Everybody looks at the first pages of celebrities: those come through the cache, from
 * the same heads that feeds are merged of. Others are looked at by few, and read from their timelines.
 */
export class AuthorPosts {
  constructor(private readonly sources: AuthorPostsSources) {}

  listerOf(author: UserId): IdLister {
    const { timelines, roster } = this.sources;
    const isCelebrity = roster.isValid() && roster.records.has(author);
    return async (after, limit) => {
      const before = after ?? ABOVE_ALL_IDS;
      const cached = isCelebrity ? await this.#fromHead(author, before, limit) : undefined;
      return cached ?? timelines.list(author, { before, limit });
    };
  }

  /** Undefined where the head does not reach so far. */
  async #fromHead(author: UserId, before: bigint, limit: number): Promise<PostId[] | undefined> {
    const [head] = await this.sources.heads.getMany([author]);
    if (!head) return undefined;
    const ids = head.ids.filter((id) => id < before).subarray(0, limit);
    return ids.length === limit || head.floor === 0n ? (Array.from(ids) as PostId[]) : undefined;
  }
}
