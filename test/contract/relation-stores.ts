import type { PostId, UserId } from '#ids';
import type { Stores } from '#storage';
import { newId } from './store-engine.ts';

export function relationStoresContract(stores: () => Stores): void {
  const users = (count: number) => Array.from({ length: count }, () => newId<UserId>());

  describe('BlockStore', () => {
    it('finds a block from both sides', async () => {
      const [a, b, c] = users(3) as [UserId, UserId, UserId];
      await stores().blocks.put(a, b);
      await stores().blocks.put(a, b);
      await expect(stores().blocks.findBetween(a, [c, b])).resolves.toEqual(new Set([b]));
      await expect(stores().blocks.findBetween(b, [a, c])).resolves.toEqual(new Set([a]));
      await expect(stores().blocks.findBetween(c, [a, b])).resolves.toEqual(new Set());
      await expect(Promise.all([a, b, c].map((u) => stores().blocks.hasAny(u)))).resolves.toEqual([true, true, false]);
    });

    it('keeps one side when the other lifts theirs', async () => {
      const [a, b] = users(2) as [UserId, UserId];
      await stores().blocks.put(a, b);
      await stores().blocks.put(b, a);
      await stores().blocks.remove(a, b);
      await expect(stores().blocks.findBetween(a, [b])).resolves.toEqual(new Set([b]));
      await stores().blocks.remove(b, a);
      await stores().blocks.remove(b, a);
      await expect(stores().blocks.findBetween(a, [b])).resolves.toEqual(new Set());
      await expect(stores().blocks.hasAny(a)).resolves.toBe(false);
    });
  });

  describe('MuteStore', () => {
    it('knows whom a user has muted', async () => {
      const [a, b, c] = users(3) as [UserId, UserId, UserId];
      await stores().mutes.put(a, b);
      await stores().mutes.put(a, b);
      await stores().mutes.put(a, c);
      await stores().mutes.remove(a, c);
      await expect(stores().mutes.loadAll(a)).resolves.toEqual([b]);
      await expect(stores().mutes.loadAll(b)).resolves.toEqual([]);
    });
  });

  describe('RepostStore', () => {
    it('gives the place to one of many who claim it at once, and again after its release', async () => {
      const user = newId<UserId>();
      const original = newId<PostId>();
      const claims = Array.from({ length: 8 }, () => newId<PostId>());
      const holders = await Promise.all(claims.map((id) => stores().reposts.claim(user, original, id)));
      expect(new Set(holders).size).toBe(1);
      const holder = holders[0]!;
      expect(claims).toContain(holder);
      await expect(stores().reposts.find(user, original)).resolves.toBe(holder);
      await stores().reposts.release(user, original, newId<PostId>());
      await expect(stores().reposts.find(user, original)).resolves.toBe(holder);
      await stores().reposts.release(user, original, holder);
      await expect(stores().reposts.find(user, original)).resolves.toBeUndefined();
      const again = newId<PostId>();
      await expect(stores().reposts.claim(user, original, again)).resolves.toBe(again);
    });
  });
}
