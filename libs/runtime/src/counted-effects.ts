import type { CountedSets } from '#counters';
import type { PostEffects } from '#fanout';
import type { Post, PostStore } from '#storage';

/** What a post adds to the counts of others: its author's posts, replies and reposts of the post it is about. */
export class CountedEffects implements PostEffects {
  constructor(
    private readonly sets: CountedSets,
    private readonly posts: PostStore,
  ) {}

  async created(post: Post): Promise<void> {
    const { id, authorId, replyTo, repostOf } = post;
    await Promise.all([
      this.sets.add('posts', authorId, id),
      replyTo !== undefined && this.sets.add('replies', replyTo, id),
      repostOf !== undefined && this.sets.add('reposts', repostOf, id),
    ]);
    // A deletion may have come and taken away, before this, what was not there yet.
    if (await this.posts.findDeleted(id)) await this.deleted(post);
  }

  async deleted({ id, authorId, replyTo, repostOf }: Post): Promise<void> {
    await Promise.all([
      this.sets.remove('posts', authorId, id),
      replyTo !== undefined && this.sets.remove('replies', replyTo, id),
      repostOf !== undefined && this.sets.remove('reposts', repostOf, id),
    ]);
  }
}
