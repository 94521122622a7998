import { CountedSets, embeddedCounterLimits } from '#counters';
import { LmdbCountedSetStore, LmdbEnvironment } from '#engine-lmdb';
import { HotCache, idKeys, jsonCodec } from '#hot-cache';
import type { PostId } from '#ids';
import { createLogger } from '#observability';
import { ManualClock, seededChance, tempDir, until } from '#test';
import { CountedHeat } from './counted-heat.ts';

describe('CountedHeat', () => {
  const dir = tempDir();
  const clock = new ManualClock();
  const store = new LmdbCountedSetStore(LmdbEnvironment.open(dir.path));
  const sets = new CountedSets({ store, clock, chance: seededChance(1), limits: embeddedCounterLimits });
  const cache = new HotCache({ clock, chance: seededChance(2) });
  const counts = cache.region<PostId, number>({
    name: 'counts',
    keys: idKeys<PostId>(),
    codec: jsonCodec<number>(),
    load: (ids) => Promise.resolve(ids.map(() => 1)),
  });
  const heat = new CountedHeat(cache, sets, clock, createLogger({ level: 'silent', service: 'test' }));
  afterAll(async () => {
    await heat.stop();
    await cache.stop();
    await sets.close();
    dir.remove();
  });

  let user = 1n << 40n;
  const like = (post: bigint, times: number) =>
    Promise.all(Array.from({ length: times }, () => sets.add('likes', post, (user += 1n << 22n))));

  it('lets the likes of a post grow that everybody reads and many like, and of no other', async () => {
    const [viral, liked, read] = [11n, 12n, 13n] as PostId[] as [PostId, PostId, PostId];
    await cache.start();
    heat.start();
    await Promise.all([like(viral, 1), like(liked, 1), like(read, 1)]);
    for (let i = 0; i < 1_000; i++) await counts.getMany([viral, read]);
    await clock.advance(1_000);
    await clock.advance(1_000);
    await Promise.all([like(viral, 200), like(liked, 200), like(read, 2)]);
    await until(
      () => store.loadLayout({ kind: 'likes', id: viral }),
      (layout) => layout.length > 1,
    );
    expect(await store.loadLayout({ kind: 'likes', id: viral })).toEqual([1, 4]);
    expect(await store.loadLayout({ kind: 'likes', id: liked })).toEqual([1]);
    expect(await store.loadLayout({ kind: 'likes', id: read })).toEqual([1]);
    await like(viral, 10);
    await expect(sets.total('likes', viral)).resolves.toBe(211);
    expect(sets.hottest(1)).toMatchObject([{ subject: { kind: 'likes', id: viral }, layout: [1, 4] }]);
  });
});
