import type { PostId, UserId } from '#ids';
import type { AuthorHead } from '#presentation';
import type { AuthorModeRecord, AuthorTimelineStore, TimelineQuery } from '#storage';
import { AuthorPosts } from './author-posts.ts';

const [celebrity, ordinary] = [1n, 2n] as [UserId, UserId];
const timeline = [90n, 80n, 70n, 60n, 50n] as PostId[];

/** The lister of an author whose head holds three posts, and what it read from the timeline. */
function open(
  author: UserId,
  head: AuthorHead | undefined = { ids: BigUint64Array.from(timeline.slice(0, 3)), floor: 70n },
) {
  const reads: bigint[] = [];
  const list = (_author: UserId, { before, limit }: TimelineQuery) => {
    reads.push(before);
    return Promise.resolve(timeline.filter((id) => id < before).slice(0, limit));
  };
  const posts = new AuthorPosts({
    timelines: { list } as unknown as AuthorTimelineStore,
    heads: { getMany: () => [head] },
    roster: { isValid: () => true, records: new Map([[celebrity, {} as AuthorModeRecord]]) },
  });
  return { lister: posts.listerOf(author), reads };
}

describe('the posts of an author', () => {
  it('come from the head of a celebrity as far as it reaches', async () => {
    const { lister, reads } = open(celebrity);
    expect(await lister(undefined, 2)).toEqual([90n, 80n]);
    expect(await lister(90n, 2)).toEqual([80n, 70n]);
    expect(reads).toEqual([]);
    expect(await lister(80n, 2)).toEqual([70n, 60n]);
    expect(reads).toEqual([80n]);
  });

  it('end with the head where that is all there is', async () => {
    const { lister, reads } = open(celebrity, { ids: BigUint64Array.of(90n), floor: 0n });
    expect(await lister(undefined, 2)).toEqual([90n]);
    expect(await lister(90n, 2)).toEqual([]);
    expect(reads).toEqual([]);
  });

  it('come from the timelines of others', async () => {
    const { lister, reads } = open(ordinary);
    expect(await lister(undefined, 2)).toEqual([90n, 80n]);
    expect(reads).toHaveLength(1);
  });
});
