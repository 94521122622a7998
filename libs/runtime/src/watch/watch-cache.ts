import type { HotCache } from '#hot-cache';
import type { Metrics } from '#observability';

/** The cache counts by itself, in plain numbers: they are read when somebody asks. */
export function watchCache(cache: HotCache, metrics: Metrics): void {
  metrics.sample('cache_events_total', function* () {
    for (const [region, counters] of Object.entries(cache.snapshot.regions))
      for (const [name, value] of Object.entries(counters)) yield { labels: { region, event: snakeCase(name) }, value };
  });
  metrics.sample('cache_local_bytes', function* () {
    for (const [region, { bytes }] of Object.entries(cache.snapshot.local)) yield { labels: { region }, value: bytes };
  });
  metrics.sample('cache_local_entries', function* () {
    for (const [region, { bytes: _, ...rooms }] of Object.entries(cache.snapshot.local))
      for (const [room, value] of Object.entries(rooms)) yield { labels: { region, room }, value };
  });
  metrics.sample('cache_hot_keys', function* () {
    const counts = new Map(Object.keys(cache.snapshot.regions).map((region) => [region, 0]));
    for (const { region } of cache.hotKeys) counts.set(region, (counts.get(region) ?? 0) + 1);
    for (const [region, value] of counts) yield { labels: { region }, value };
  });
  metrics.sample('cache_tier_calls_total', function* () {
    const { calls, failures, skipped } = cache.snapshot.tier;
    yield { labels: { result: 'made' }, value: calls };
    yield { labels: { result: 'failed' }, value: failures };
    yield { labels: { result: 'skipped' }, value: skipped };
  });
  metrics.sample('cache_bus_events_total', function* () {
    const { whole: _, others: __, ...events } = cache.snapshot.bus;
    for (const [name, value] of Object.entries(events)) yield { labels: { event: snakeCase(name) }, value };
  });
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
