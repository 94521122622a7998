import { defaultHeat } from '#hot-cache';
import { CacheWorld } from './cache-world.ts';

const { promotePerSecond, demotePerSecond } = defaultHeat;

let world: CacheWorld;
afterEach(() => world.end());

async function open(options: Parameters<typeof CacheWorld.open>[0] = {}): Promise<void> {
  world = await CacheWorld.open({ instances: 3, ...options });
  await world.clock.advance(2_000);
}

/** Reads at this rate, by the instances in turn. */
async function readFor(ms: number, perSecond: number, key = 'viral', instances = 3): Promise<void> {
  for (let t = 0, n = 0; t < ms; t += 10) {
    for (; n < (t * perSecond) / 1_000; n++) void world.read(key, n % instances);
    await world.clock.advance(10);
  }
}

const isHot = (by: number, key = 'viral') => world.caches[by]!.hotKeys.some((hot) => hot.key === key);

describe('a spike', () => {
  it('is served locally by all instances within a second, also by those it has not reached', async () => {
    await open();
    world.store.set('viral', { text: '1' });
    await readFor(1_000, 5_000, 'viral', 1);
    for (const region of world.regions) expect(region.peek('viral')).toEqual({ text: '1' });
    for (const cache of world.caches) expect(cache.snapshot.local.things!.hot).toBe(1);
  });

  it('spread thin over the instances is seen in their sum', async () => {
    await open();
    await readFor(2_500, 900);
    expect([isHot(0), isHot(1), isHot(2)]).toEqual([true, true, true]);
    const [hot] = world.caches[1]!.hotKeys;
    expect(hot!.readsPerSecond).toBeGreaterThan(800);
    expect(hot!.readsPerSecond).toBeLessThanOrEqual(900);
    expect(Object.keys(hot!.instances)).toHaveLength(3);
    expect(hot).toMatchObject({ region: 'things', mitigations: ['hot-room'] });
    expect(hot!.share).toBeGreaterThan(0.95);
    expect(hot!.localHitRatio).toBeGreaterThan(0.9);
  });

  it('cools with hysteresis, and is remembered for five minutes', async () => {
    await open();
    await readFor(1_500, 2_000);
    await readFor(5_000, (promotePerSecond + demotePerSecond) / 2);
    expect(isHot(0)).toBe(true);
    await world.clock.advance(2_000);
    expect(isHot(0)).toBe(true);
    await world.clock.advance(3_000);
    expect(isHot(0)).toBe(false);
    expect(world.caches[0]!.hotHistory).toMatchObject([{ region: 'things', key: 'viral' }]);
    await world.clock.advance(300_000);
    expect(world.caches[0]!.hotHistory).toEqual([]);
  });

  it('too weak to make a key hot still names it, on all instances', async () => {
    await open();
    await readFor(2_500, demotePerSecond / 2);
    await readFor(2_500, demotePerSecond, 'busier');
    for (const cache of world.caches) {
      expect(cache.hotKeys).toEqual([]);
      const [first, second] = cache.busiestKeys(2);
      expect(first).toMatchObject({ region: 'things', key: 'busier', share: 1 });
      expect(first!.readsPerSecond).toBeGreaterThan(0.8 * demotePerSecond);
      expect(Object.keys(first!.instances)).toHaveLength(3);
      expect(second).toBeUndefined();
    }
    await readFor(1_500, 2 * promotePerSecond, 'busier');
    expect(isHot(0, 'busier')).toBe(true);
    expect(world.caches[0]!.busiestKeys(2)).toEqual([]);
  });

  it('costs the shared tier one read per instance and L1 lifetime', async () => {
    await open();
    world.store.set('viral', { text: '1' });
    await readFor(1_000, 3_000);
    const { commands } = world.tier;
    await readFor(10_000, 3_000);
    expect(world.tier.commands - commands).toBeLessThanOrEqual(3 * 10);
  });
});

describe('a fresh process', () => {
  it('waits until it has in memory what is hot elsewhere', async () => {
    await open();
    world.store.set('viral', { text: '1' });
    await readFor(1_500, 2_000);
    await world.join();
    const [cache, region] = [world.caches[3]!, world.regions[3]!];
    world.tier.way = (caller) => new Promise((resume) => void world.clock.after(caller === 3 ? 100 : 1, resume));
    const atTheEnd = cache.warmUp().then(() => ({ held: region.peek('viral'), atMs: world.clock.elapsed() }));
    const startMs = world.clock.elapsed();
    await readFor(2_500, 2_000);
    const { held, atMs } = await atTheEnd;
    expect(held).toEqual({ text: '1' });
    expect(atMs - startMs).toBeLessThanOrEqual(1_700);
    expect(region.counters.warmedUp).toBe(1);
  });
});

describe('a scan of random ids', () => {
  it('makes none of them hot, evicts nothing hot, and stays in its own room', async () => {
    const bytes = { bytesMax: 200_000, hotBytesMax: 20_000, negativeBytesMax: 50_000 };
    await open({ region: bytes, instances: 1 });
    world.store.set('viral', { text: 'x'.repeat(100) });
    await readFor(1_500, 2_000, 'viral', 1);
    const loadsBefore = world.loads.flat().filter((key) => key === 'viral').length;
    for (let i = 0; i < 50; i++) {
      for (let j = 0; j < 100; j++) void world.read(`no-${i}-${j}`);
      for (let j = 0; j < 10; j++) void world.read('viral');
      await world.clock.advance(10);
    }
    expect(world.caches[0]!.hotKeys.map(({ key }) => key)).toEqual(['viral']);
    const { bytes: held, hot } = world.caches[0]!.snapshot.local.things!;
    expect(held).toBeLessThanOrEqual(270_000);
    expect(hot).toBe(1);
    expect(world.loads.flat().filter((key) => key === 'viral').length).toBe(loadsBefore);
  });
});

describe('prewarming', () => {
  it('has the value in L1 on every instance, and keeps it hot for a while', async () => {
    await open();
    world.store.set('soon', { text: '1' });
    await world.regions[1]!.prewarm(['soon'], 10_000);
    await world.clock.advance(100);
    for (const region of world.regions) expect(region.peek('soon')).toEqual({ text: '1' });
    expect(world.loads).toEqual([['soon']]);
    expect(isHot(2, 'soon')).toBe(true);
    await world.clock.advance(15_000);
    expect(isHot(2, 'soon')).toBe(false);
  });

  it('never makes more keys hot than there is room for', async () => {
    await open({ heat: { hotKeysMax: 3 } });
    await readFor(1_500, 2_000);
    await world.regions[0]!.prewarm(['a', 'b', 'c', 'd'], 10_000);
    await world.clock.advance(10);
    expect(world.caches[1]!.hotKeys.map(({ key }) => key).sort()).toEqual(['a', 'b', 'c']);
    expect(world.regions[1]!.peek('d')).toBeNull(); // looked for all the same
  });

  it('can be asked for by name', async () => {
    await open();
    expect(await world.caches[0]!.prewarm('nothing', ['x'])).toBe(false);
    const asked = world.caches[0]!.prewarm('things', ['soon'], 5_000);
    await world.clock.advance(200);
    expect(await asked).toBe(true);
    expect(isHot(2, 'soon')).toBe(true);
  });
});
