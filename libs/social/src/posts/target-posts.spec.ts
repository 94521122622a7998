import { openLmdbStores } from '#engine-lmdb';
import type { PostId, UserId } from '#ids';
import { systemClock } from '#kernel';
import type { Post, Stores } from '#storage';
import { tempDir } from '#test';
import { TargetPosts } from './target-posts.ts';

const [ANN, BOB] = [1n as UserId, 2n as UserId];

describe('TargetPosts', () => {
  const dir = tempDir();
  let stores: Stores;
  let targets: TargetPosts;
  beforeAll(() => {
    stores = openLmdbStores(dir.path, systemClock);
    targets = new TargetPosts(stores.posts, stores.blocks);
  });
  afterAll(async () => {
    await stores.close();
    dir.remove();
  });

  let lastId = 100n;
  async function create(authorId: UserId, repostOf?: PostId): Promise<Post> {
    const post = {
      id: ++lastId as PostId,
      authorId,
      text: '',
      replyTo: undefined,
      repostOf,
      delivery: 'push',
    } as const;
    await stores.posts.create(post, { id: ++lastId, kind: 'created', postId: post.id });
    return post;
  }

  it('finds a repost for its author, and its original for all who answer, like or repost it', async () => {
    const original = await create(ANN);
    const repost = await create(BOB, original.id);
    expect(await targets.get(repost.id)).toEqual(repost);
    expect(await targets.getOriginal(repost.id)).toEqual(original);
    expect(await targets.getForInteraction(repost.id, BOB)).toEqual(original);
  });

  it('finds neither once the original is deleted, not even for the author of the repost', async () => {
    const original = await create(ANN);
    const repost = await create(BOB, original.id);
    await stores.posts.delete(original, { id: ++lastId, kind: 'deleted', postId: original.id });
    for (const { id } of [original, repost]) {
      await expect(targets.get(id)).rejects.toMatchObject({ code: 'not_found' });
      await expect(targets.getForInteraction(id, BOB)).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  it('lets nobody add to the posts of those with whom there is a block', async () => {
    const repost = await create(ANN, (await create(BOB)).id);
    await stores.blocks.put(BOB, ANN);
    await expect(targets.getForInteraction(repost.id, ANN)).rejects.toMatchObject({ code: 'blocked' });
    expect(await targets.get(repost.id)).toEqual(repost);
  });
});
