import { newId } from './store-engine.ts';
import type { PostId } from '#ids';
import type { ViewStore } from '#storage';

export function viewStoreContract(store: () => ViewStore): void {
  describe('ViewStore', () => {
    it('adds up what the buckets bring', async () => {
      const [a, b, c] = [newId<PostId>(), newId<PostId>(), newId<PostId>()];
      await store().apply(0, newId(), [
        { postId: a, views: 3 },
        { postId: b, views: 1 },
      ]);
      await store().apply(65_535, newId(), [{ postId: a, views: 70_000 }]);
      await store().apply(0, newId(), [{ postId: a, views: 1 }]);
      await expect(store().totals([c, b, a])).resolves.toEqual([0, 1, 70_004]);
    });

    it('counts no flush twice, also not one that was cut off or comes late', async () => {
      const [a, b] = [newId<PostId>(), newId<PostId>()];
      const [early, late] = [newId<bigint>(), newId<bigint>()];
      await store().apply(1, early, [{ postId: a, views: 5 }]);
      await store().apply(1, early, [
        { postId: a, views: 5 },
        { postId: b, views: 7 },
      ]);
      await store().apply(1, late, [{ postId: a, views: 2 }]);
      await store().apply(1, early, [{ postId: a, views: 5 }]);
      await store().apply(2, early, [{ postId: a, views: 100 }]);
      await expect(store().totals([a, b])).resolves.toEqual([107, 7]);
    });
  });
}
