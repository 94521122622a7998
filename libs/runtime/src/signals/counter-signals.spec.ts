import type { Vitals } from '#observability';
import { ManualClock, vitalsOf } from '#test';
import { CounterSignals } from './counter-signals.ts';
import { ServerSignals } from './server-signals.ts';

const VIRAL = 7n;
const LAYOUTS = new Map([[VIRAL, [1, 4]]]);

describe('the load of counter shards among the signals of servers', () => {
  const clock = new ManualClock();
  let all: Vitals[] = [];
  const counters = new CounterSignals(
    { list: () => Promise.resolve({ whole: true, vitals: all }) },
    { loadLayout: ({ id }) => Promise.resolve(LAYOUTS.get(id) ?? [1]) },
  );
  const none = { sample: () => Promise.resolve([]) };
  const signals = new ServerSignals(
    { redis: new Map(), store: none, queues: { status: none.sample }, counters },
    clock,
  );
  /** What is found when each instance has gained so much in a second. */
  const look = async (...gains: Record<string, number>[]) => {
    all = gains.map((gained, i) => vitalsOf(`instance ${i}`, gained, { windowMs: 1_000 }));
    await clock.advance(1_000);
    return (await signals.sample()).skew;
  };

  it('is that of all instances, and alerts when one shard takes nearly everything', async () => {
    const skew = await look(
      { 'shard_changes|likes|7|1|3': 90, 'shard_changes|likes|7|1|0': 4 },
      { 'shard_changes|likes|7|1|3': 90, 'shard_changes|followers|9|0|0': 500 },
    );
    expect(skew).toEqual([
      {
        of: 'counter likes 7',
        unit: 'changes/s',
        loads: {
          'generation 1, shard 0': 4,
          'generation 1, shard 1': 0,
          'generation 1, shard 2': 0,
          'generation 1, shard 3': 180,
        },
        ratio: (180 * 4) / 184,
        busiest: 'generation 1, shard 3',
        alert: true,
      },
    ]);
  });

  it('does not alert where shards share, nor where there is little to share', async () => {
    const even = Object.fromEntries([0, 1, 2, 3].map((shard) => [`shard_changes|likes|7|1|${shard}`, 100]));
    expect(await look(even)).toMatchObject([{ ratio: 1, alert: false }]);
    const few = await look({ 'shard_changes|likes|7|1|3': 50 });
    expect(few).toMatchObject([{ ratio: 4, alert: false }]);
  });
});
