import { CacheWorld, type WorldOptions } from './cache-world.ts';

let world: CacheWorld;
afterEach(() => world.end());

/** What one instance holds of two things. */
async function hold(options: WorldOptions = {}) {
  world = await CacheWorld.open(options);
  await world.write('a', '1');
  await world.write('b', '2');
  const values = await world.drive(Promise.resolve(world.regions[0]!.getMany(['a', 'b'])));
  const held = world.regions[0]!.hold(['a', 'b'])!;
  expect(held.isMadeOf(values)).toBe(true);
  expect(held.isCurrent).toBe(true);
  return held;
}

describe('what is held of L1', () => {
  it('is nothing where one key is not there', async () => {
    world = await CacheWorld.open();
    await world.write('a', '1');
    await world.drive(world.read('a'));
    expect(world.regions[0]!.hold(['a'])).toBeDefined();
    expect(world.regions[0]!.hold(['a', 'c'])).toBeUndefined();
  });

  it('is not made of other values, nor of others in number', async () => {
    const held = await hold();
    expect(held.isMadeOf([{ text: '1' }, { text: '2' }])).toBe(false);
    expect(held.isMadeOf([await world.regions[0]!.get('a')])).toBe(false);
  });

  it.each([true, false])('is over with a change of one of them (shared: %s)', async (shared) => {
    const held = await hold({ shared });
    await world.write('b', '3');
    expect(held.isCurrent).toBe(false);
  });

  it('is over with a change by another instance, as soon as that is known here', async () => {
    const held = await hold({ instances: 2 });
    await world.drive(world.write('a', '3', 1));
    await world.clock.advance(10);
    expect(held.isCurrent).toBe(false);
  });

  it('is over when it is time to look again', async () => {
    const held = await hold({ shared: false, region: { ttlMs: 5_000 } });
    await world.clock.advance(4_000);
    expect(held.isCurrent).toBe(true);
    await world.clock.advance(3_000);
    expect(held.isCurrent).toBe(false);
  });

  it('is over when others have taken its room, since nobody would say that it changed', async () => {
    const held = await hold({ shared: false, region: { bytesMax: 2_000 } });
    for (let i = 0; i < 10; i++) await world.drive(world.read(`missing no more ${i}`));
    for (let i = 0; i < 10; i++) {
      await world.write(`c${i}`, 'x'.repeat(100));
      await world.drive(world.read(`c${i}`));
    }
    expect(held.isCurrent).toBe(false);
  });

  it('goes on when its keys become hot', async () => {
    const held = await hold({ shared: false });
    await world.regions[0]!.prewarm(['a', 'b']);
    expect(held.isCurrent).toBe(true);
    await world.write('a', '3');
    expect(held.isCurrent).toBe(false);
  });
});
