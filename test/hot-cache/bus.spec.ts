import { CacheWorld } from './cache-world.ts';
import { tierDown } from './simulated-tier.ts';

/** L1 would serve for minutes: only the bus, and finding out that it fails, keeps it fresh. */
const LONG = { localTtlMs: 600_000, localGraceMs: 0, ttlMs: 3_600_000 };

let world: CacheWorld;
afterEach(() => world.end());

async function openWhole(instances = 2): Promise<number> {
  world = await CacheWorld.open({ instances, region: LONG });
  await world.clock.advance(2_000);
  for (const cache of world.caches) expect(cache.snapshot.bus.whole).toBe(true);
  await world.write('a', '1');
  await world.readAll('a');
  await world.clock.advance(10);
  return world.caches[0]!.stalenessBoundMs;
}

/** How long instance 1 goes on serving the old value after instance 0 has changed it. */
async function stalenessAfterWrite(): Promise<number> {
  expect(await world.drive(world.write('a', '2', 0))).toBe(true);
  const startMs = world.clock.elapsed();
  while (world.clock.elapsed() - startMs < 60_000) {
    if ((await world.drive(world.read('a', 1))) === '2') return world.clock.elapsed() - startMs;
    await world.clock.advance(10);
  }
  return Infinity;
}

describe('the bus', () => {
  it('whole, makes others forget at once', async () => {
    await openWhole();
    expect(await stalenessAfterWrite()).toBe(0);
    expect(world.caches[1]!.snapshot.regions.things!.voided).toBe(2);
  });

  it('cut, is noticed within the bound', async () => {
    const boundMs = await openWhole();
    world.bus.route = (deliver, _message, to) => to === 0 && deliver();
    const stalenessMs = await stalenessAfterWrite();
    expect(stalenessMs).toBeGreaterThan(0);
    expect(stalenessMs).toBeLessThanOrEqual(boundMs);
    expect(world.caches[1]!.snapshot.bus).toMatchObject({ whole: false, silences: 1 });
  });

  it('losing one message, is found out by the next heartbeat', async () => {
    await openWhole();
    world.bus.route = (deliver, message) => !message.includes('"t":"void"') && deliver();
    expect(await stalenessAfterWrite()).toBeLessThanOrEqual(250 + 50 + 10);
    expect(world.caches[1]!.snapshot.bus).toMatchObject({ whole: true, gaps: 1 });
  });

  it('late by seconds, is not taken for whole', async () => {
    const boundMs = await openWhole();
    world.bus.route = (deliver) => void world.clock.after(10_000, deliver);
    expect(await stalenessAfterWrite()).toBeLessThanOrEqual(boundMs);
  });

  it('flowing without a pause, but late by seconds, neither', async () => {
    const boundMs = await openWhole();
    world.bus.route = (deliver) => void world.clock.after(6_000, deliver);
    await world.clock.advance(30_000);
    await world.readAll('a');
    expect(await stalenessAfterWrite()).toBeLessThanOrEqual(boundMs);
  });

  it('in another order, is in order', async () => {
    await openWhole();
    let n = 0;
    world.bus.route = (deliver) => void world.clock.after(n++ % 2 === 0 ? 30 : 0, deliver);
    for (let i = 0; i < 20; i++) {
      await world.write('b', String(i));
      await world.clock.advance(7);
    }
    await world.clock.advance(1_000);
    expect(world.caches[1]!.snapshot.bus).toMatchObject({ whole: true, gaps: 0, losses: expect.any(Number) as number });
  });

  it('whole again, is trusted again, and what was read meanwhile is not kept', async () => {
    await openWhole();
    world.bus.route = () => undefined;
    await world.clock.advance(3_000);
    await world.drive(world.write('a', '2', 0));
    world.bus.route = (deliver) => deliver();
    await world.clock.advance(1_000);
    expect(world.caches[1]!.snapshot.bus.whole).toBe(true);
    expect(await world.drive(world.read('a', 1))).toBe('2');
  });

  it('does without a process that left, and in the end without one that died', async () => {
    await openWhole(3);
    await world.caches[2]!.stop();
    await world.clock.advance(3_000);
    expect(world.caches[0]!.snapshot.bus).toMatchObject({ whole: true, others: 1 });
    world.bus.route = (deliver, message) => !message.includes('instance-1') && deliver();
    await world.clock.advance(3_000);
    expect(world.caches[0]!.snapshot.bus.whole).toBe(false);
    await world.clock.advance(10_000);
    expect(world.caches[0]!.snapshot.bus).toMatchObject({ whole: true, others: 0 });
  });

  it('takes noise for noise', async () => {
    await openWhole();
    const end = world.bus.end();
    const noise = ['', '{', 'null', '[]', '{"o":"x","s":1,"t":"void","r":"things","k":[1],"v":["a"]}', '{"o":1}'];
    for (const text of noise) await end.publish(text);
    expect(world.caches[0]!.snapshot.bus.garbled).toBe(noise.length);
    expect(world.regions[0]!.peek('a')).toEqual({ text: '1' });
  });

  describe('when everybody is to confirm', () => {
    const remove = () => {
      world.store.delete('a');
      return world.regions[0]!.invalidateEverywhere(['a']);
    };
    const durationOf = async (work: Promise<unknown>) => {
      const startMs = world.clock.elapsed();
      await world.drive(work);
      return world.clock.elapsed() - startMs;
    };

    it('resolves when the last one has heard of it', async () => {
      await openWhole(3);
      world.bus.route = (deliver, _message, to) => (to === 2 ? void world.clock.after(70, deliver) : deliver());
      expect(await durationOf(remove())).toBe(70);
      expect(world.regions.map((region) => region.peek('a'))).toEqual([undefined, undefined, undefined]);
    });

    it('waits no longer than for the bound', async () => {
      const boundMs = await openWhole(3);
      world.bus.route = (deliver, _message, to) => to !== 2 && deliver();
      expect(await durationOf(remove())).toBe(boundMs);
      expect(await world.drive(world.read('a', 2))).toBeUndefined();
    });

    it('does not wait for who is gone', async () => {
      await openWhole(3);
      await world.caches[2]!.stop();
      expect(await durationOf(remove())).toBe(0);
    });

    it('tells them without the shared tier, which is then not believed', async () => {
      await openWhole(3);
      world.tier.way = tierDown;
      expect(await durationOf(remove())).toBe(0);
      world.tier.way = () => Promise.resolve(); // it holds the old value, until the invalidation is repeated
      expect(await world.readAll('a')).toEqual([undefined, undefined, undefined]);
      expect(world.caches[1]!.snapshot.bus.whole).toBe(true);
    });

    it('waits for the bound when nobody can be told, and nobody then believes the shared tier', async () => {
      const boundMs = await openWhole(3);
      world.tier.way = world.bus.way = tierDown;
      expect(await durationOf(remove())).toBe(boundMs);
      await world.clock.advance(10_000);
      world.tier.way = world.bus.way = () => Promise.resolve();
      for (let ms = 0; ms < 1_500; ms += 10) {
        expect(await world.readAll('a')).toEqual([undefined, undefined, undefined]);
        await world.clock.advance(10);
      }
      expect(world.caches.map((cache) => cache.snapshot.bus.whole)).toEqual([true, true, true]);
    });

    it('lets go when who has not confirmed leaves', async () => {
      await openWhole(3);
      world.bus.route = (deliver, message, to) => (to !== 2 || !message.includes('"t":"void"')) && deliver();
      const removing = remove();
      await world.clock.advance(100);
      await world.caches[2]!.stop();
      expect(await durationOf(removing)).toBe(0);
    });
  });
});
