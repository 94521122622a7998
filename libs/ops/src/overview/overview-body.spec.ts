import { vitalsOf } from '#test';
import { overviewBody } from './overview-body.ts';
import { overview } from './overview.schema.ts';

const one = vitalsOf('one', {
  'http_request_duration_seconds_count|GET|/v1/feed|200': 40,
  'http_request_duration_seconds_count|GET|/v1/feed|503': 10,
  'http_errors_total|unavailable': 10,
  'http_errors_total|not_found': 99,
  'feed_reads_total|complete': 35,
  'feed_reads_total|degraded': 5,
  'cache_events_total|post|local_hits': 90,
  'cache_events_total|post|local_misses': 10,
  'cache_events_total|post|shared_hits': 6,
  'cache_events_total|post|keys_loaded': 2,
});
const other = vitalsOf(
  'another',
  {
    'fanout_lag_seconds_count|small': 10,
    'fanout_lag_seconds_bucket|small|0.1': 5,
    'fanout_lag_seconds_bucket|small|0.25': 10,
    'fanout_lag_seconds_bucket|small|+Inf': 10,
    'fanout_deliveries_total|small|warm': 100,
    'store_calls_total|posts|answered': 20,
    'store_calls_total|posts|failed': 5,
  },
  { drift: 3 },
);
const fresh = vitalsOf('fresh', { 'feed_reads_total|complete': 5 }, { windowMs: 0 });

describe('overviewBody', () => {
  const body = overviewBody([one, other, fresh]);

  it('is of the shape that the contract gives it', () => {
    const rest = { asOf: new Date(0).toISOString(), whole: true, writtenSets: [], names: {} };
    expect(() => overview.parse({ ...rest, ...body })).not.toThrow();
  });

  it('adds up the instances, each over its own window', () => {
    expect(body.instances.map(({ instance, requestsPerSecond }) => [instance, requestsPerSecond])).toEqual([
      ['another', 0],
      ['fresh', 0],
      ['one', 10],
    ]);
    expect(body.traffic).toEqual({
      requestsPerSecond: 10,
      failuresPerSecond: 2,
      feedsPerSecond: { complete: 7, rebuilding: 0, degraded: 1 },
    });
    expect(body.stores).toEqual({ callsPerSecond: 5, failuresPerSecond: 1 });
    expect(body.counters.drift).toBe(3);
  });

  it('knows hit ratios by tier, and says nothing of what was not asked', () => {
    expect(body.caches).toMatchObject([{ kind: 'post', readsPerSecond: 20 }]);
    expect(body.caches[0]?.hitRatio.local).toBeCloseTo(0.9);
    expect(body.caches[0]?.hitRatio.shared).toBeCloseTo(0.75);
    expect(overviewBody([fresh]).caches).toEqual([]);
  });

  it('knows the lag of lanes', () => {
    const [small, large] = body.lanes;
    expect(small).toMatchObject({ lane: 'small', postsPerSecond: 2, inboxesPerSecond: { warm: 20, cold: 0 } });
    expect(small?.lagMs.p50).toBeCloseTo(100);
    expect(small?.lagMs.p99).toBeCloseTo(247);
    expect(large?.lagMs).toEqual({ p50: null, p99: null });
  });
});
