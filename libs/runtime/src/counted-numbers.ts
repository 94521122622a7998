import { type CountedSets, type MemberIndex, totalOf } from '#counters';
import type { PostId, UserId } from '#ids';
import type { NumbersFor, NumberSource } from '#presentation';
import type { CountedSubject } from '#storage';

const KINDS = ['likes', 'replies', 'reposts'] as const;

/** Numbers of posts from the counted sets, and from the viewer's own index of likes. */
export class CountedNumbers implements NumberSource {
  constructor(
    private readonly sets: CountedSets,
    private readonly index: MemberIndex,
  ) {}

  async read(viewer: UserId | undefined, posts: readonly PostId[]): Promise<readonly NumbersFor[]> {
    const subjects = posts.flatMap((id): CountedSubject[] => KINDS.map((kind) => ({ kind, id })));
    const [counts, liked] = await Promise.all([
      this.sets.counts(subjects),
      viewer === undefined ? undefined : this.index.findMany('likes', viewer, posts),
    ]);
    const total = (i: number) => totalOf(counts[i] ?? []);
    return posts.map((_, i) => ({
      numbers: {
        likeCount: total(i * 3),
        replyCount: total(i * 3 + 1),
        repostCount: total(i * 3 + 2),
        viewCount: 0,
      },
      liked: liked ? liked[i] !== undefined : null,
    }));
  }
}
