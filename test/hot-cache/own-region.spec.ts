import fc from 'fast-check';
import { OwnWorld, type Ways } from './own-world.ts';

const INSTANCES = 3;
/** How long things are kept, and a little more. */
const OUTLIVED_MS = 1_020;

describe('an own region', () => {
  let world: OwnWorld;
  const open = async (options: Parameters<typeof OwnWorld.open>[0] = {}) => (world = await OwnWorld.open(options));
  afterEach(() => world.end());
  const readAll = () => Promise.all(world.regions.map((_, by) => world.read('ann', by)));

  it('loads once a second for an owner who reads again and again', async () => {
    await open({ instances: 1 });
    for (let ms = 0; ms < 2_500; ms += 50) {
      await world.read('ann', 0);
      await world.clock.advance(50);
    }
    expect(world.loads).toHaveLength(3);
  });

  it('loads only the parts that it does not know, and says what it knows without a promise', async () => {
    await open({ instances: 1 });
    const [region] = world.regions;
    await region!.getMany('ann', ['a', 'b']);
    expect(region!.getMany('ann', ['b', 'a'])).toEqual([0, 0]);
    await region!.getMany('ann', ['b', 'c']);
    expect(region!.counters).toMatchObject({ loads: 2, keysLoaded: 3, localHits: 3, localMisses: 3 });
  });

  it('shows a change at the next read at every process, after one round over the bus', async () => {
    await open();
    expect(await readAll()).toEqual([0, 0, 0]);
    const ms = await world.durationOf(world.change('ann', 1));
    expect(ms).toBeLessThan(10);
    expect(await readAll()).toEqual([1, 1, 1]);
    expect(world.regions.map(({ counters }) => counters.voided)).toEqual([1, 0, 1]);
  });

  it('does not keep what was being loaded when it was retired', async () => {
    await open();
    world.delayMs = 40;
    const reading = world.read('ann', 0);
    const change = world.change('ann', 1);
    await world.drive(change);
    await world.drive(reading);
    expect(await world.drive(world.read('ann', 0))).toBe(1);
  });

  it('keeps nothing that a change is under way to, nor after a process died over one', async () => {
    await open();
    const mark = await world.mark('ann');
    for (let i = 0; i < 3; i++) await world.read('ann', 0);
    expect(world.loads).toHaveLength(3);
    world.settleMark('ann', mark);
    for (let i = 0; i < 3; i++) await world.read('ann', 0);
    expect(world.loads).toHaveLength(4);
  });

  it.each<[Ways]>([['forgetful'], ['cut'], ['deaf']])('waits as long as a %s process may serve', async (ways) => {
    await open();
    await readAll();
    world.processes[2]!.ways = ways;
    const ms = await world.durationOf(world.change('ann', 0));
    expect(ms).toBeGreaterThanOrEqual(OUTLIVED_MS - 20);
    expect(ms).toBeLessThanOrEqual(OUTLIVED_MS + 5);
    expect(await readAll()).toEqual([1, 1, 1]);
  });

  it('waits where the process that makes the change cannot tell anybody, however long that lasts', async () => {
    await open();
    world.processes[0]!.ways = 'cut';
    await world.clock.advance(60_000); // the others have forgotten it, and trust each other again
    expect(await readAll()).toEqual([0, 0, 0]);
    const loads = world.loads.length;
    await world.read('ann', 1);
    expect(world.loads).toHaveLength(loads);
    expect(await world.durationOf(world.change('ann', 0))).toBeGreaterThanOrEqual(OUTLIVED_MS);
    expect(await readAll()).toEqual([1, 1, 1]);
  });

  it('soon does not wait for a process that is gone without a word', async () => {
    await open();
    world.processes[2]!.stop();
    await world.clock.advance(2_300);
    expect(await world.durationOf(world.change('ann', 0))).toBeLessThan(10);
  });

  it('serves nothing that it has kept in a process that has left the bus', async () => {
    await open();
    await readAll();
    await world.caches[2]!.stop();
    expect(await world.durationOf(world.change('ann', 0))).toBeLessThan(10);
    expect(await readAll()).toEqual([1, 1, 1]);
  });

  it('keeps nothing in a process that comes back until the others know of it', async () => {
    await open();
    world.processes[2]!.ways = 'cut';
    await world.clock.advance(60_000);
    world.processes[2]!.ways = 'fine';
    await world.clock.advance(1_000);
    const before = world.loads.length;
    for (let i = 0; i < 3; i++) await world.read('ann', 2);
    expect(world.loads.length - before).toBe(3);
    await world.clock.advance(1_000);
    for (let i = 0; i < 3; i++) await world.read('bob', 2);
    expect(world.loads.length - before).toBe(4);
  });

  it('tells of one change at once, and of a crowd in few messages', async () => {
    await open();
    expect(await world.durationOf(world.change('ann', 0))).toBe(0);
    const before = world.caches[0]!.snapshot.bus.sent;
    const changes: Promise<unknown>[] = [];
    for (let i = 0; i < 1_000; i++) {
      changes.push(world.change(`user-${i}`, 0));
      if (i % 10 === 0) await world.clock.advance(1);
    }
    await world.drive(Promise.all(changes));
    expect(world.caches[0]!.snapshot.bus.sent - before).toBeLessThanOrEqual(25);
    expect(world.regions[2]!.counters.voided).toBe(1_001);
  });

  it('has no more than its room, whoever comes', async () => {
    await open({ instances: 1, shared: false });
    const [region] = world.regions;
    for (let i = 0; i < 100_000; i++) await region!.getMany(`user-${i}`, ['part']);
    expect(region!.bytes).toBeLessThanOrEqual(16 << 20);
    expect(region!.owners).toBeGreaterThan(10_000);
    const parts = Array.from({ length: 10_000 }, (_, i) => `part-${i}`);
    const bytes = region!.bytes;
    await region!.getMany('greedy', parts);
    await Promise.all(parts.map(async (_, i) => region!.getMany('greedy', parts.slice(i, i + 20))));
    region!.heard(['greedy']);
    expect(region!.bytes).toBeGreaterThan(bytes - 100_000);
  });

  it('alone, keeps things for long and tells nobody', async () => {
    await open({ instances: 1, shared: false });
    await world.read('ann', 0);
    await world.clock.advance(50_000);
    await world.read('ann', 0);
    expect(world.loads).toHaveLength(1);
    expect(await world.durationOf(world.change('ann', 0))).toBe(0);
    expect(await world.read('ann', 0)).toBe(1);
  });

  it('without its technique, keeps nothing', async () => {
    await open({ instances: 1, localTier: false });
    for (let i = 0; i < 3; i++) await world.read('ann', 0);
    expect(world.loads).toHaveLength(3);
  });
});

type Step =
  | { readonly do: 'read' | 'change'; readonly by: number; readonly owner: string }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'ways'; readonly by: number; readonly ways: Ways }
  | { readonly do: 'stop'; readonly by: number }
  | { readonly do: 'go on'; readonly by: number };

const by = fc.nat(INSTANCES - 1);
const owner = fc.constantFrom('ann', 'ann', 'bob');
const ways = fc.constantFrom<Ways>('fine', 'fine', 'deaf', 'mute', 'cut', 'forgetful', 'late');
const ms = fc.oneof(fc.nat(20), fc.nat(20), fc.nat(400), fc.integer({ min: 900, max: 1_500 }), fc.nat(15_000));
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.record({ do: fc.constant('read' as const), by, owner }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('change' as const), by, owner }) },
    { weight: 10, arbitrary: fc.record({ do: fc.constant('pass' as const), ms }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('ways' as const), by, ways }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('stop' as const), by }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('go on' as const), by }) },
  ),
  { minLength: 5, maxLength: 80, size: 'max' },
);

/** Reads that began after a change was told of and did not show it. */
async function staleReads(plan: readonly Step[], seed: number): Promise<string[]> {
  const world = await OwnWorld.open({ instances: INSTANCES, seed, delayMs: 30 });
  world.lateMs = 50 + (seed % 2_000);
  const told = new Map<string, number>();
  const stale: string[] = [];
  const pending: Promise<void>[] = [];
  const read = async (whose: string, at: number): Promise<void> => {
    const least = told.get(whose) ?? 0;
    const n = (await world.read(whose, at)) ?? 0;
    if (n < least) stale.push(`${whose} at ${at}: ${n}, not ${least}`);
  };
  const change = async (whose: string, at: number): Promise<void> => {
    const n = await world.change(whose, at);
    told.set(whose, Math.max(told.get(whose) ?? 0, n));
  };
  for (const step of plan) {
    if (step.do === 'pass') await world.clock.advance(step.ms);
    else if (step.do === 'ways') world.processes[step.by]!.ways = step.ways;
    else if (step.do === 'stop') world.processes[step.by]!.stop();
    else if (step.do === 'go on') world.processes[step.by]!.goOn();
    else if (!world.processes[step.by]!.stopped)
      pending.push(step.do === 'read' ? read(step.owner, step.by) : change(step.owner, step.by));
  }
  for (const process of world.processes) process.goOn();
  await world.drive(Promise.all(pending));
  await world.end();
  return stale;
}

describe('whatever the order of reads, changes, losses and stops', () => {
  it('nobody who was told of a change reads what was before it', async () => {
    const run = fc.asyncProperty(steps, fc.nat(), async (plan, seed) => {
      expect(await staleReads(plan, seed)).toEqual([]);
    });
    await fc.assert(run, { numRuns: Number(process.env.INTERLEAVINGS ?? 600) });
  }, 600_000);
});
