import type { UserId } from '#ids';
import type { Stores } from '#storage';
import { newId } from './store-engine.ts';

export function userStoreContract(stores: () => Stores): void {
  describe('UserStore', () => {
    const user = (handle = `h${newId()}`) => ({
      id: newId<UserId>(),
      handle,
      displayName: 'Ann ✓',
      passwordHash: '$argon2id$x',
    });

    it('keeps what it is given and finds it by id and by handle', async () => {
      const ann = user();
      await expect(stores().users.create(ann)).resolves.toBe(true);
      await expect(stores().users.find(ann.id)).resolves.toEqual({
        id: ann.id,
        handle: ann.handle,
        displayName: 'Ann ✓',
      });
      await expect(stores().users.findIdByHandle(ann.handle)).resolves.toBe(ann.id);
      await expect(stores().users.findPasswordHash(ann.id)).resolves.toBe('$argon2id$x');
    });

    it('finds nobody where there is nobody', async () => {
      const { users } = stores();
      const id = newId<UserId>();
      await expect(users.find(id)).resolves.toBeUndefined();
      await expect(users.findPasswordHash(id)).resolves.toBeUndefined();
      await expect(users.findIdByHandle('nobody')).resolves.toBeUndefined();
      await users.setDisplayName(id, 'Ghost');
      await expect(users.find(id)).resolves.toBeUndefined();
    });

    it('answers many in the order asked for', async () => {
      const [a, b] = [user(), user()];
      await stores().users.create(a);
      await stores().users.create(b);
      const found = await stores().users.findMany([b.id, newId<UserId>(), a.id]);
      expect(found.map((u) => u?.handle)).toEqual([b.handle, undefined, a.handle]);
    });

    it('gives a handle to one of many who ask at once, and completes a repetition by the winner', async () => {
      const rivals = Array.from({ length: 10 }, () => user('wanted' + String(last)));
      const outcomes = await Promise.all(rivals.map((r) => stores().users.create(r)));
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      const winner = rivals[outcomes.indexOf(true)]!;
      await expect(stores().users.findIdByHandle(winner.handle)).resolves.toBe(winner.id);
      await expect(stores().users.create(winner)).resolves.toBe(true);
    });
    const last = newId();

    it('changes a display name and nothing else', async () => {
      const ann = user();
      await stores().users.create(ann);
      await stores().users.setDisplayName(ann.id, 'Ann B.');
      await expect(stores().users.find(ann.id)).resolves.toEqual({
        id: ann.id,
        handle: ann.handle,
        displayName: 'Ann B.',
      });
      await expect(stores().users.findPasswordHash(ann.id)).resolves.toBe('$argon2id$x');
    });
  });
}
