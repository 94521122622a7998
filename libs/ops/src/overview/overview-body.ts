import { LANES } from '#fanout';
import { bucketQuantile, type Rate, ratesOf, sumOf, type Vitals } from '#observability';
import type { Overview } from './overview.schema.ts';

type Part = 'instances' | 'traffic' | 'lanes' | 'caches' | 'stores' | 'counters';

/** What all instances tell of themselves, put together. */
export function overviewBody(vitals: readonly Vitals[]): Pick<Overview, Part> {
  return {
    instances: vitals.map(instanceOf).sort((a, b) => a.instance.localeCompare(b.instance)),
    traffic: trafficOf(vitals),
    lanes: lanesOf(vitals),
    caches: cachesOf(ratesOf(vitals, 'cache_events_total')),
    stores: storesOf(ratesOf(vitals, 'store_calls_total')),
    counters: {
      changesPerSecond: sumOf(ratesOf(vitals, 'counted_changes_total')),
      commitsPerSecond: sumOf(ratesOf(vitals, 'counted_commits_total')),
      lostPerSecond: sumOf(ratesOf(vitals, 'counted_commits_lost_total')),
      drift: vitals.reduce((sum, { drift }) => sum + drift, 0),
    },
  };
}

function instanceOf(vitals: Vitals): Overview['instances'][number] {
  const { instance, service, startedAtMs, loop } = vitals;
  return {
    instance,
    service,
    since: new Date(startedAtMs).toISOString(),
    requestsPerSecond: sumOf(ratesOf([vitals], 'http_request_duration_seconds_count')),
    eventLoopDelay: { p99Ms: loop.p99Ms, longestMs: loop.longestMs },
  };
}

function trafficOf(vitals: readonly Vitals[]): Overview['traffic'] {
  const feeds = ratesOf(vitals, 'feed_reads_total');
  const errors = ratesOf(vitals, 'http_errors_total');
  return {
    requestsPerSecond: sumOf(ratesOf(vitals, 'http_request_duration_seconds_count')),
    failuresPerSecond: sumOf(errors, 'unavailable') + sumOf(errors, 'internal'),
    feedsPerSecond: {
      complete: sumOf(feeds, 'complete'),
      rebuilding: sumOf(feeds, 'rebuilding'),
      degraded: sumOf(feeds, 'degraded'),
    },
  };
}

function lanesOf(vitals: readonly Vitals[]): Overview['lanes'] {
  const buckets = ratesOf(vitals, 'fanout_lag_seconds_bucket');
  const posts = ratesOf(vitals, 'fanout_lag_seconds_count');
  const deliveries = ratesOf(vitals, 'fanout_deliveries_total');
  return LANES.map((lane) => ({
    lane,
    postsPerSecond: sumOf(posts, lane),
    inboxesPerSecond: { warm: sumOf(deliveries, lane, 'warm'), cold: sumOf(deliveries, lane, 'cold') },
    lagMs: { p50: lagMs(0.5, lane, buckets), p99: lagMs(0.99, lane, buckets) },
  }));
}

function lagMs(quantile: number, lane: string, buckets: readonly Rate[]): number | null {
  const ofLane = buckets.filter(({ labels }) => labels[0] === lane);
  const byBound = new Map(ofLane.map(({ labels, perSecond }) => [boundOf(labels[1]), perSecond]));
  const seconds = bucketQuantile(quantile, byBound);
  return seconds === undefined ? null : 1000 * seconds;
}

const boundOf = (text = ''): number => (text === '+Inf' ? Infinity : Number(text));

function cachesOf(events: readonly Rate[]): Overview['caches'] {
  const regions = [...new Set(events.map(({ labels: [region = ''] }) => region))].sort();
  return regions.map((region) => {
    const of = (...names: string[]) => names.reduce((sum, name) => sum + sumOf(events, region, name), 0);
    const [local, missed] = [of('local_hits'), of('local_misses')];
    const [shared, loaded] = [of('shared_hits', 'stale_served', 'copy_hits'), of('keys_loaded')];
    return {
      kind: region,
      readsPerSecond: local + missed,
      hitRatio: { local: share(local, missed), shared: share(shared, loaded) },
      keysLoadedPerSecond: loaded,
      loadsPerSecond: of('loads'),
      failuresPerSecond: of('load_failures'),
    };
  });
}

/** Null where nothing was asked. */
function share(hits: number, misses: number): number | null {
  return hits + misses === 0 ? null : hits / (hits + misses);
}

function storesOf(calls: readonly Rate[]): Overview['stores'] {
  return {
    callsPerSecond: sumOf(calls),
    failuresPerSecond: sumOf(calls.filter(({ labels }) => labels[1] === 'failed')),
  };
}
