import { Controller, Delete, Inject, Param, Put } from '@nestjs/common';
import { Memberships } from '#counters';
import { Endpoint, likeState, type LikeState, postId, Viewer } from '#http';
import type { PostId, UserId } from '#ids';
import { Runtime } from '#runtime';
import type { TargetPosts } from '../posts/target-posts.ts';

/** What likes are given to: posts through the cache, which forgets deleted ones. */
export const LIKED_POSTS = Symbol('LikedPosts');

@Controller('v1/posts/:id/like')
export class LikesController {
  constructor(
    @Inject(Memberships) private readonly memberships: Memberships,
    @Inject(LIKED_POSTS) private readonly targets: TargetPosts,
    @Inject(Runtime) private readonly runtime: Runtime,
  ) {}

  @Put()
  @Endpoint({
    tag: 'posts',
    summary: 'Like a post',
    description: 'A like of a repost is one of its original.',
    answers: { 200: likeState },
    errors: ['not_found', 'blocked'],
  })
  async like(@Viewer() viewer: UserId, @Param('id', { schema: postId }) id: PostId): Promise<LikeState> {
    const original = await this.targets.getForInteraction(id, viewer);
    const { total } = await this.memberships.join('likes', viewer, original.id);
    return { liked: true, likeCount: total };
  }

  @Delete()
  @Endpoint({ tag: 'posts', summary: 'Take a like back', answers: { 200: likeState }, errors: ['not_found'] })
  async unlike(@Viewer() viewer: UserId, @Param('id', { schema: postId }) id: PostId): Promise<LikeState> {
    const original = await this.targets.getOriginal(id);
    const { total } = await this.memberships.leave('likes', viewer, original.id);
    // A like that was taken back leaves no mark with the viewer to correct a cached count with.
    await this.runtime.caches.counts.invalidate([original.id]);
    return { liked: false, likeCount: total };
  }
}
