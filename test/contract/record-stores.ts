import type { PostId, UserId } from '#ids';
import type { IdempotencyRecord, Stores } from '#storage';
import type { ManualClock } from '#test';
import { newId } from './store-engine.ts';

const TTL_MS = 60_000;

/** Stores of single records that change by conditional writes. */
export function recordStoresContract(stores: () => Stores, clock: ManualClock): void {
  describe('IdempotencyStore', () => {
    const claim = () => ({ fingerprint: 'f', postId: newId<PostId>(), leaseUntilMs: clock.now() + 1000 });

    it('gives a key to one of many who claim it at once; the others see who has it', async () => {
      const user = newId<UserId>();
      const claims = Array.from({ length: 8 }, claim);
      const seen = await Promise.all(claims.map((c) => stores().idempotency.claim(user, 'k', c, TTL_MS)));
      const winner = claims[seen.indexOf(undefined)]!;
      expect(seen.filter((s) => s === undefined)).toHaveLength(1);
      for (const record of seen) if (record) expect(record).toEqual({ ...winner, answer: undefined });
      await expect(stores().idempotency.claim(newId<UserId>(), 'k', claim(), TTL_MS)).resolves.toBeUndefined();
    });

    it('keeps the answer and gives a released key away again', async () => {
      const user = newId<UserId>();
      const first = claim();
      await stores().idempotency.claim(user, 'k', first, TTL_MS);
      const done: IdempotencyRecord = { ...first, answer: { status: 201, body: '{"a":"ü"}' } };
      await stores().idempotency.complete(user, 'k', done, TTL_MS);
      await expect(stores().idempotency.find(user, 'k')).resolves.toEqual(done);
      await expect(stores().idempotency.claim(user, 'k', claim(), TTL_MS)).resolves.toEqual(done);
      await expect(stores().idempotency.takeOver(user, 'k', done, clock.now() + 9000)).resolves.toBe(false);
      await stores().idempotency.release(user, 'k');
      await expect(stores().idempotency.find(user, 'k')).resolves.toBeUndefined();
      await expect(stores().idempotency.claim(user, 'k', claim(), TTL_MS)).resolves.toBeUndefined();
    });

    it('lets one of many take over a lease', async () => {
      const user = newId<UserId>();
      const first = claim();
      await stores().idempotency.claim(user, 'k', first, TTL_MS);
      const seen = (await stores().idempotency.find(user, 'k'))!;
      const takers = await Promise.all(
        Array.from({ length: 5 }, (_, i) => stores().idempotency.takeOver(user, 'k', seen, clock.now() + 9000 + i)),
      );
      expect(takers.filter(Boolean)).toHaveLength(1);
      const held = (await stores().idempotency.find(user, 'k'))!;
      expect(held.postId).toBe(first.postId);
      expect(held.leaseUntilMs).toBe(clock.now() + 9000 + takers.indexOf(true));
    });
  });

  describe('AuthorModeStore', () => {
    it('replaces only the version it was told', async () => {
      const author = newId<UserId>();
      const modes = stores().authorModes;
      const record = (version: number) => ({ author, mode: 'promoting' as const, sinceMs: clock.now(), version });
      await expect(modes.find(author)).resolves.toBeUndefined();
      const first = [1, 2, 3, 4].map((i) => ({ ...record(1), sinceMs: clock.now() + i }));
      const outcomes = await Promise.all(first.map((one) => modes.replace(author, 0, one)));
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      await expect(modes.find(author)).resolves.toEqual(first[outcomes.indexOf(true)]);
      await expect(modes.replace(author, 0, record(1))).resolves.toBe(false);
      await expect(modes.replace(author, 1, { ...record(2), mode: 'pull' })).resolves.toBe(true);
      expect(await modes.loadAll()).toContainEqual({ ...record(2), mode: 'pull' });
      await expect(modes.replace(author, 1, undefined)).resolves.toBe(false);
      await expect(modes.replace(author, 2, undefined)).resolves.toBe(true);
      await expect(modes.find(author)).resolves.toBeUndefined();
    });

    it('changes its stamp with every change', async () => {
      const author = newId<UserId>();
      const modes = stores().authorModes;
      const before = await modes.stamp();
      await modes.replace(author, 0, { author, mode: 'promoting', sinceMs: clock.now(), version: 1 });
      const between = await modes.stamp();
      expect(between).not.toBe(before);
      await modes.replace(author, 1, undefined);
      await expect(modes.stamp()).resolves.not.toBe(between);
    });
  });

  describe('WorkerLeaseStore', () => {
    it('gives a number to one owner at a time and says what earlier ones may have used', async () => {
      const worker = Number(newId<bigint>() % 1024n);
      const leases = stores().workerLeases;
      const t = clock.now();
      const taken = await leases.acquire(worker, 'a', t, t + 1000);
      expect(taken).not.toBe(false);
      await expect(leases.acquire(worker, 'b', t + 999, t + 2000)).resolves.toBe(false);
      await expect(leases.acquire(worker, 'a', t + 500, t + 1500)).resolves.not.toBe(false);
      await expect(leases.acquire(worker, 'b', t + 1500, t + 3000)).resolves.toEqual({ usedUntilMs: t + 1500 });
      await leases.release(worker, 'a', t);
      await expect(leases.acquire(worker, 'c', t + 1600, t + 4000)).resolves.toBe(false);
      await leases.release(worker, 'b', t + 1700);
      await expect(leases.acquire(worker, 'c', t + 1800, t + 4000)).resolves.toEqual({ usedUntilMs: t + 1700 });
    });
  });

  describe('StoreHealth', () => {
    it('answers', async () => {
      await expect(stores().health.ping()).resolves.toBeUndefined();
    });
  });
}
