import { unavailable } from '#kernel';
import { settle } from '#test';
import { CacheWorld, gate } from './cache-world.ts';
import { tierDown } from './simulated-tier.ts';

/** Long enough for every key of a world to be gone from L1, not from the shared tier. */
const BEYOND_L1_MS = 2_000;

let world: CacheWorld;
const open = async (...args: Parameters<typeof CacheWorld.open>) => (world = await CacheWorld.open(...args));
afterEach(() => world.end());

describe('one load', () => {
  it('serves hundreds of readers in several processes, cold', async () => {
    await open({ instances: 5 });
    world.store.set('a', { text: '1' });
    const slow = gate();
    world.loading = () => slow.passed;
    const reads = Promise.all(Array.from({ length: 1000 }, (_, i) => world.read('a', i % 5)));
    await world.clock.advance(100);
    slow.open();
    await world.clock.advance(100);
    expect(new Set(await reads)).toEqual(new Set(['1']));
    expect(world.loads).toEqual([['a']]);
  });

  it('serves them after an invalidation, with the new value', async () => {
    await open({ instances: 5 });
    await world.write('a', '1');
    await world.readAll('a');
    await world.write('a', '2', 3);
    const before = world.loads.length;
    const reads = Promise.all(Array.from({ length: 50 }, (_, i) => world.read('a', i % 5)));
    await world.clock.advance(100);
    expect(new Set(await reads)).toEqual(new Set(['2']));
    expect(world.loads.length - before).toBe(1);
  });

  it('is behind a stale value: nobody waits', async () => {
    await open({ instances: 3, region: { ttlMs: 10_000 }, techniques: { earlyRefresh: false } });
    await world.write('a', '1');
    await world.read('a');
    await world.clock.advance(12_500);
    world.store.set('a', { text: '2' });
    const slow = gate();
    world.loading = () => slow.passed;
    const reads = await Promise.all(Array.from({ length: 30 }, (_, i) => world.read('a', i % 3)));
    expect(new Set(reads)).toEqual(new Set(['1']));
    await settle();
    expect(world.loads).toHaveLength(2);
    slow.open();
    await world.clock.advance(BEYOND_L1_MS);
    expect(await world.read('a', 2)).toBe('2');
    expect(world.loads).toHaveLength(2);
  });

  it('comes before expiry where the key is read (XFetch), so that no reader ever meets a miss', async () => {
    await open({ instances: 3, region: { ttlMs: 10_000 } });
    await world.write('a', '1');
    world.loading = () => new Promise((resume) => world.clock.after(50, resume));
    const first = world.read('a');
    await world.clock.advance(60);
    await first;
    for (let t = 0; t < 30_000; t += 10) {
      for (const by of [0, 1, 2]) void world.read('a', by);
      await world.clock.advance(10);
    }
    const { staleServed, earlyRefreshes } = sum();
    expect(staleServed).toBe(0);
    expect(earlyRefreshes).toBeGreaterThan(0);
    expect(world.loads.length).toBeLessThanOrEqual(1 + 4);
  });
});

describe('an invalidation', () => {
  it('is not undone by a reader who loaded before it and fills after it', async () => {
    await open({ instances: 2 });
    await world.write('a', '1');
    const slow = gate();
    world.loading = () => slow.passed;
    const early = world.read('a', 0);
    await world.clock.advance(1);
    await world.write('a', '2', 1);
    world.loading = () => Promise.resolve();
    slow.open();
    expect(await early).toBe('1'); // it began before the change
    await world.clock.advance(1);
    expect(await world.readAll('a')).toEqual(['2', '2']);
    expect(sum().fillsRefused).toBe(1);
  });

  it('holds at once in the process that made it, also alone', async () => {
    await open({ shared: false });
    await world.write('a', '1');
    const slow = gate();
    world.loading = () => slow.passed;
    const early = world.read('a');
    await settle();
    world.loading = () => Promise.resolve();
    await world.write('a', '2');
    const later = world.read('a');
    slow.open();
    expect([await early, await later, await world.read('a')]).toEqual(['1', '2', '2']);
    expect(world.caches[0]!.stalenessBoundMs).toBe(0);
  });

  it('that the shared tier did not hear of is repeated, and holds here meanwhile', async () => {
    await open({ instances: 2 });
    await world.write('a', '1');
    await world.readAll('a');
    world.tier.way = tierDown;
    expect(await world.write('a', '2', 0)).toBe(false);
    expect(await world.read('a', 0)).toBe('2');
    world.tier.way = () => Promise.resolve();
    await world.clock.advance(1_000);
    expect(await world.readAll('a')).toEqual(['2', '2']);
  });

  it('voids a remembered absence', async () => {
    await open({ instances: 2 });
    expect(await world.readAll('a')).toEqual([undefined, undefined]);
    expect(world.regions[0]!.peek('a')).toBeNull();
    await world.write('a', '1', 1);
    expect(await world.readAll('a')).toEqual(['1', '1']);
  });

  it('stands against a replica, or a fail-over, that brings the old record back', async () => {
    await open({ instances: 2 });
    await world.write('a', '1');
    await world.read('a', 0);
    const old = { ...world.tier.held.get('things:a')! };
    await world.write('a', '2', 0);
    await world.read('a', 0);
    world.tier.held.set('things:a', old); // acknowledged writes are lost
    expect(await world.drive(world.read('a', 1))).toBe('2'); // it only heard of the invalidation
    await world.clock.advance(1_500); // L1 looks again
    expect(await world.drive(world.read('a', 0))).toBe('2');
  });

  it('stands against a prime that comes late', async () => {
    await open();
    await world.write('a', '1');
    await world.write('a', undefined);
    expect(await world.regions[0]!.prime('a', { text: '1' })).toBe(false);
    expect(await world.read('a')).toBeUndefined();
  });
});

describe('leases', () => {
  it('pass on when the holder dies', async () => {
    await open({ instances: 2 });
    await world.write('a', '1');
    world.loading = () => new Promise(() => undefined);
    const dead = expect(world.read('a', 0)).rejects.toMatchObject({ code: 'unavailable' });
    await world.clock.advance(10);
    world.loading = () => Promise.resolve();
    const other = world.read('a', 1);
    await world.clock.advance(1_100);
    await dead;
    expect(await other).toBe('1');
  });

  it('are given back when loading fails, and the failure is not cached', async () => {
    await open({ instances: 2 });
    await world.write('a', '1');
    world.loading = () => Promise.reject(unavailable('the store is down'));
    await expect(world.read('a', 0)).rejects.toMatchObject({ code: 'unavailable' });
    world.loading = () => Promise.resolve();
    await settle();
    expect(await world.read('a', 1)).toBe('1');
    expect(world.clock.elapsed()).toBe(0); // nobody waited for a lease to run out
  });

  it('given to one who no longer listened are not waited for', async () => {
    await open({ instances: 2 });
    world.store.set('a', { text: '1' });
    let calls = 0;
    world.tier.way = (caller) => (caller === 0 && ++calls === 2 ? new Promise(() => undefined) : Promise.resolve());
    expect(await world.drive(world.read('a', 0))).toBe('1'); // by itself, when the answer did not come
    const startMs = world.clock.elapsed();
    expect(await world.drive(world.read('a', 1))).toBe('1');
    expect(world.clock.elapsed() - startMs).toBeLessThan(100);
  });

  it('that were forgotten by the tier cost a load and nothing else', async () => {
    await open();
    await world.write('a', '1');
    const slow = gate();
    world.loading = () => slow.passed;
    const read = world.read('a');
    await settle();
    world.tier.held.clear();
    slow.open();
    expect(await read).toBe('1');
    await settle();
    expect(await world.read('a')).toBe('1');
    expect(world.loads).toHaveLength(2);
  });
});

describe('values', () => {
  it('cannot be changed by one reader for the others', async () => {
    await open();
    world.store.set('a', { text: '1' });
    const value = (await world.regions[0]!.get('a')) as { text: string };
    expect(() => (value.text = '2')).toThrow(TypeError);
    await world.clock.advance(BEYOND_L1_MS);
    const decoded = (await world.regions[0]!.get('a')) as { text: string };
    expect(decoded).not.toBe(value);
    expect(() => (decoded.text = '2')).toThrow(TypeError);
  });

  it('of another release are loaded anew', async () => {
    await open();
    world.store.set('a', { text: '1' });
    await world.read('a');
    world.tier.held.get('things:a')!.payload = Buffer.from('not JSON');
    await world.clock.advance(BEYOND_L1_MS);
    const read = world.read('a');
    await world.clock.advance(10);
    expect(await read).toBe('1');
    expect(world.loads).toHaveLength(2);
  });
});

describe('batches', () => {
  it('take one round trip and one load for what is missing, in order', async () => {
    await open();
    for (const key of ['a', 'b', 'c', 'd']) world.store.set(key, { text: key });
    await world.read('b');
    await settle();
    const commands = world.tier.commands;
    const values = await world.regions[0]!.getMany(['a', 'b', 'x', 'c', 'a']);
    expect(values.map((value) => value?.text)).toEqual(['a', 'b', undefined, 'c', 'a']);
    expect(world.loads).toEqual([['b'], ['a', 'x', 'c']]);
    await settle();
    expect(world.tier.commands - commands).toBe(2); // one to ask, one to fill
    expect(world.regions[0]!.getMany(['a', 'b'])).toEqual([{ text: 'a' }, { text: 'b' }]); // no promise
  });

  it('may be had in part', async () => {
    await open();
    world.store.set('a', { text: '1' });
    await world.read('a');
    world.loading = () => Promise.reject(new Error('no'));
    const { values, missing, error } = await world.regions[0]!.getPartial(['b', 'a', 'c']);
    expect([values, missing, (error as Error).message]).toEqual([[undefined, { text: '1' }, undefined], [0, 2], 'no']);
  });
});

function sum() {
  const all = world.regions.map(({ counters }) => counters);
  const total = (name: keyof (typeof all)[0]) => all.reduce((n, counters) => n + counters[name], 0);
  return {
    staleServed: total('staleServed'),
    earlyRefreshes: total('earlyRefreshes'),
    fillsRefused: total('fillsRefused'),
  };
}
