import { HotCache, idKeys, jsonCodec } from '#hot-cache';
import type { PostId, UserId } from '#ids';
import { systemClock, unavailable } from '#kernel';
import type { IndexState } from '#storage';
import type { PostCounts } from './caches.ts';
import { CountedNumbers } from './counted-numbers.ts';

const POSTS = [1n, 2n] as PostId[];

function numbersWith(loadViews: () => Promise<number[]>, loadCounts: () => Promise<PostCounts[]>): CountedNumbers {
  const cache = new HotCache({ clock: systemClock, chance: () => 0.5 });
  const keys = idKeys<PostId>();
  const counts = cache.region({ name: 'counts', keys, codec: jsonCodec<PostCounts>(), load: loadCounts });
  const views = cache.region({ name: 'views', keys, codec: jsonCodec<number>(), load: loadViews });
  const likes = cache.ownRegion<UserId, PostId, IndexState>({
    name: 'likes',
    owners: idKeys<UserId>(),
    valueBytes: 64,
    load: (_viewer, posts) => Promise.resolve(posts.map(() => ({ value: undefined, firm: true }))),
  });
  return new CountedNumbers({ counts, views, likes });
}

const noCounts = () => Promise.resolve(POSTS.map(() => ({ likes: [], replies: [], reposts: [], changedAtMs: 0 })));
const away = () => Promise.reject(unavailable('not now'));

describe('CountedNumbers', () => {
  it('shows views that can be had', async () => {
    const read = await numbersWith(() => Promise.resolve([5, 7]), noCounts).read(undefined, POSTS);
    expect(read.map(({ numbers }) => numbers.viewCount)).toEqual([5, 7]);
  });

  it('shows posts without views that cannot be had', async () => {
    const read = await numbersWith(away, noCounts).read(undefined, POSTS);
    expect(read.map(({ numbers }) => numbers.viewCount)).toEqual([0, 0]);
  });

  it('does not make up exact counts', async () => {
    await expect(numbersWith(away, away).read(undefined, POSTS)).rejects.toMatchObject({ code: 'unavailable' });
  });
});
