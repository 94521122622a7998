import { etagOf, type ReadyAnswers } from '#http';
import { parseId, type PostId } from '#ids';
import { ReadyPosts } from '#presentation';
import type { Runtime } from '#runtime';

/** Has posts that are in this process sent as bytes to readers without a token; what is not, takes the usual way. */
export function offerReadyPosts(answers: ReadyAnswers, { caches, numbers, views }: Runtime): void {
  const posts = new ReadyPosts({ posts: caches.posts, users: caches.users, numbers }, etagOf);
  answers.offer('/v1/posts/:id', ({ id = '' }) => {
    const postId = parseId<PostId>(id);
    const post = postId === undefined ? undefined : posts.find(postId);
    if (post !== undefined) views.seen(post.root);
    return post;
  });
}
