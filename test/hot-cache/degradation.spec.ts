import { isAppError, unavailable } from '#kernel';
import { CacheWorld } from './cache-world.ts';
import { tierDown, tierHung } from './simulated-tier.ts';

let world: CacheWorld;
const open = async (...args: Parameters<typeof CacheWorld.open>) => (world = await CacheWorld.open(...args));
afterEach(() => world.end());

describe('a shared tier that', () => {
  it('is gone costs loads and no errors, and not one load a read', async () => {
    await open({ instances: 2 });
    world.tier.way = tierDown;
    await world.write('a', '1').catch(() => undefined);
    for (let i = 0; i < 100; i++) expect(await world.read('a', i % 2)).toBe('1');
    expect(world.loads.length).toBeLessThanOrEqual(4);
  });

  it('hangs is left alone after a few calls', async () => {
    await open();
    world.store.set('a', { text: '1' });
    world.tier.way = tierHung;
    for (let i = 0; i < 20; i++) {
      const read = world.read(`a${i % 20}`);
      await world.clock.advance(150);
      await read;
    }
    expect(world.caches[0]!.snapshot.tier.skipped).toBeGreaterThan(5);
  });
});

describe('a source that', () => {
  it('hangs wedges nothing: readers are told in time, and the key works again', async () => {
    await open();
    world.store.set('a', { text: '1' });
    world.loading = () => new Promise(() => undefined);
    const read = expect(world.read('a')).rejects.toMatchObject({ code: 'unavailable' });
    await world.clock.advance(1_000);
    await read;
    world.loading = () => Promise.resolve();
    expect(await world.read('a')).toBe('1');
  });

  it('fails leaves the last known value to its readers', async () => {
    await open({ region: { ttlMs: 2_000, graceMs: 1_000 } });
    await world.write('a', '1');
    await world.read('a');
    world.loading = () => Promise.reject(unavailable('the store is down'));
    await world.clock.advance(10_000);
    expect(await world.read('a')).toBe('1');
    expect(world.regions[0]!.counters.lastKnownServed).toBe(1);
    await world.clock.advance(120_000);
    await expect(world.read('a')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('fails behind a stale value is not called again at once', async () => {
    await open({ region: { ttlMs: 2_000, graceMs: 60_000 }, techniques: { localTier: false } });
    await world.write('a', '1');
    await world.read('a');
    world.loading = () => Promise.reject(unavailable('the store is down'));
    await world.clock.advance(2_500);
    for (let i = 0; i < 200; i++) expect(await world.read('a')).toBe('1');
    expect(world.loads.length).toBeLessThanOrEqual(2);
  });
});

describe('a key that costs too much', () => {
  it('is answered with 429 where nothing is known of it', async () => {
    await open({ region: { flightsPerSecond: 10, flightsBurst: 5 } });
    world.loading = () => Promise.reject(unavailable('the store is down'));
    const reads = Array.from({ length: 20 }, () =>
      world.read('a').catch((error: unknown) => isAppError(error) && error.code),
    );
    expect(new Set(await Promise.all(reads))).toEqual(new Set(['unavailable']));
    for (let i = 0; i < 4; i++) await world.read('a').catch(() => undefined);
    await expect(world.read('a')).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 100 });
    await world.clock.advance(100);
    await expect(world.read('a')).rejects.toMatchObject({ code: 'unavailable' });
  });
});
