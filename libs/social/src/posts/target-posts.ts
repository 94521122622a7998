import type { PostId, UserId } from '#ids';
import { AppError } from '#kernel';
import type { BlockStore, Post, PostStore } from '#storage';

/** Finds the posts that requests are about: what a reply answers, a repost repeats, a like likes. */
export class TargetPosts {
  constructor(
    private readonly posts: Pick<PostStore, 'find'>,
    private readonly blocks: BlockStore,
  ) {}

  /** The post itself. @throws AppError `not_found`, also for a repost whose original is deleted. */
  async get(id: PostId): Promise<Post> {
    const post = await this.posts.find(id);
    if (!post || (post.repostOf !== undefined && !(await this.posts.find(post.repostOf)))) throw notFound();
    return post;
  }

  /** The original: of a repost the one it repeats. @throws AppError `not_found`. */
  async getOriginal(id: PostId): Promise<Post> {
    const post = await this.posts.find(id);
    const original = post?.repostOf === undefined ? post : await this.posts.find(post.repostOf);
    if (!original) throw notFound();
    return original;
  }

  /** The original, for somebody who wants to add to it. @throws AppError `not_found`, `blocked`. */
  async getForInteraction(id: PostId, user: UserId): Promise<Post> {
    const original = await this.getOriginal(id);
    const blocked = await this.blocks.findBetween(user, [original.authorId]);
    if (blocked.size > 0) throw new AppError('blocked');
    return original;
  }
}

function notFound(): AppError {
  return new AppError('not_found', 'there is no such post');
}
