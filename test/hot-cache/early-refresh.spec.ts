import { seededChance } from '#test';
import { CacheWorld } from './cache-world.ts';

const KEYS = Array.from({ length: 20 }, (_, i) => `key-${i}`);
const TTL_MS = 1_000;
const LIVES = 10;
/** Every instance reads every key so often. */
const EVERY_MS = 4;

interface Lives {
  /** Answers of the shared tier that were stale, for each life of a key. */
  readonly stale: number;
  readonly loads: number;
}

/** Loads take about `loadMs`, now a half, now twice as much. */
async function live(instances: number, loadMs: number, earlyRefresh: boolean): Promise<Lives> {
  const region = { ttlMs: TTL_MS, graceMs: 300, localTtlMs: 300, localGraceMs: 100 };
  const world = await CacheWorld.open({ instances, region, techniques: { earlyRefresh } });
  const chance = seededChance(7);
  const wait = (ms: number) => new Promise<void>((resume) => void world.clock.after(ms, resume));
  world.tier.way = () => wait(0.5);
  world.loading = () => wait(loadMs * 2 ** (2 * chance() - 1));
  for (const key of KEYS) world.store.set(key, { text: key });
  const read = async (ms: number): Promise<void> => {
    for (let t = 0; t < ms; t += EVERY_MS) {
      for (const key of KEYS) world.regions.forEach((_, by) => void world.read(key, by));
      await world.clock.advance(EVERY_MS);
    }
  };
  const stale = (): number => world.regions.reduce((sum, { counters }) => sum + counters.staleServed, 0);
  await read(2 * TTL_MS); // the bus is whole, and the keys are apart
  const before = { stale: stale(), loads: world.loads.length };
  await read(LIVES * TTL_MS);
  const lives = LIVES * KEYS.length;
  const seen = { stale: (stale() - before.stale) / lives, loads: (world.loads.length - before.loads) / lives };
  await world.end();
  return seen;
}

describe('early refresh', () => {
  // 50 ms are a twentieth of a life: to be that early costs a twentieth more loads.
  it.each([
    [1, 2, 1.08],
    [2, 2, 1.08],
    [2, 10, 1.08],
    [5, 2, 1.08],
    [5, 50, 1.12],
  ])(
    '%i instances, loads of %i ms: hardly a stale answer, for %f of the loads',
    async (instances, loadMs, loadsMax) => {
      const { stale, loads } = await live(instances, loadMs, true);
      expect(stale).toBeLessThanOrEqual(0.01);
      expect(loads).toBeLessThanOrEqual(loadsMax);
    },
    60_000,
  );

  it('is what keeps them away', async () => {
    expect((await live(2, 2, false)).stale).toBeGreaterThan(0.8);
  }, 60_000);

  it('asks a source that has become slow no more often', async () => {
    expect((await live(2, 0.4 * TTL_MS, true)).loads).toBeLessThanOrEqual(1.1);
  }, 60_000);
});
