import { ManualClock } from '#test';
import { Metrics } from '../metrics.ts';
import { bucketQuantile } from './bucket-quantile.ts';
import { gainsOf } from './series.ts';
import type { Vitals } from './vitals.ts';
import { VitalsBoard } from './vitals-board.ts';
import { VitalsRecorder } from './vitals-recorder.ts';

class Board extends VitalsBoard {
  readonly published: Vitals[] = [];
  away = false;
  async publish(vitals: Vitals): Promise<void> {
    if (this.away) throw new Error('away');
    this.published.push(vitals);
  }
  async list(): Promise<Vitals[]> {
    if (this.away) throw new Error('away');
    const [last] = this.published.slice(-1);
    return last ? [last, { ...last, instance: 'another' }] : [];
  }
}

describe('VitalsRecorder', () => {
  const clock = new ManualClock();
  const metrics = new Metrics({ processMetrics: false });
  const board = new Board();
  const errors: unknown[] = [];
  let heat = new Map<string, number>();
  const recorder = new VitalsRecorder({
    instance: 'one',
    service: 'test',
    metrics,
    clock,
    board,
    heat: () => heat,
    onError: (error) => errors.push(error),
  });
  const reads = metrics.counter('feed_reads_total', { state: 'complete' });
  const lag = metrics.histogram('fanout_lag_seconds', { lane: 'small' });

  beforeAll(() => {
    reads.inc(100);
    recorder.start();
  });
  afterAll(() => recorder.stop());

  it('shows what was gained in the last seconds', async () => {
    await clock.advance(1_000);
    expect(recorder.vitals).toMatchObject({ windowMs: 0, gains: {} });
    reads.inc(3);
    lag.observe(0.2);
    heat = new Map([['shard_changes|likes|5|0|0', 4]]);
    await clock.advance(1_000);
    heat = new Map();
    expect(recorder.vitals).toMatchObject({ instance: 'one', windowMs: 1_000 });
    expect(recorder.vitals.gains).toMatchObject({
      'feed_reads_total|complete': 3,
      'shard_changes|likes|5|0|0': 4,
      'fanout_lag_seconds_count|small': 1,
      'fanout_lag_seconds_bucket|small|0.25': 1,
    });
    expect(recorder.vitals.gains).not.toHaveProperty('fanout_lag_seconds_bucket|small|0.1');
    reads.inc(2);
    await clock.advance(1_000);
    expect([...gainsOf(recorder.vitals.gains, 'feed_reads_total')]).toEqual([[['complete'], 5]]);
  });

  it('forgets what is older than its window', async () => {
    await clock.advance(10_000);
    expect(recorder.vitals).toMatchObject({ windowMs: 5_000, gains: {} });
  });

  it('puts others beside its own, and stands alone when the board is away', async () => {
    expect(board.published.length).toBeGreaterThan(10);
    const { whole, vitals } = await recorder.list();
    expect([whole, vitals.map(({ instance }) => instance)]).toEqual([true, ['one', 'another']]);
    board.away = true;
    const alone = await recorder.list();
    expect([alone.whole, alone.vitals.length]).toEqual([false, 1]);
    await clock.advance(2_000);
    board.away = false;
    const before = board.published.length;
    await clock.advance(1_000);
    expect(board.published.length).toBe(before + 1);
    expect(errors.length).toBeGreaterThanOrEqual(3);
  });
});

describe('bucketQuantile', () => {
  const buckets = new Map([
    [Infinity, 10],
    [0.1, 4],
    [1, 8],
  ]);
  it.each([
    [0.2, 0.05],
    [0.5, 0.325],
    [0.8, 1],
    [0.99, 1],
  ])('%d is %d', (quantile, value) => expect(bucketQuantile(quantile, buckets)).toBeCloseTo(value, 10));
  it('is unknown where nothing was observed', () => expect(bucketQuantile(0.5, new Map([[1, 0]]))).toBeUndefined());
});
