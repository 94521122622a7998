/** One metric: what it counts, by which labels. Durations are seconds. */
export interface MetricDefinition {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  readonly buckets?: readonly number[];
}

const REQUEST_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Every metric of the program. Labels have few values: routes and codes, never ids or handles. */
export const metricCatalogue = {
  http_request_duration_seconds: {
    kind: 'histogram',
    help: 'From the request line to the last byte handed to the kernel. Streams are left out.',
    labels: ['method', 'route', 'status'],
    buckets: REQUEST_BUCKETS,
  },
  http_errors_total: {
    kind: 'counter',
    help: 'Error answers by their code in the catalogue.',
    labels: ['code'],
  },
  event_loop_delay_seconds: {
    kind: 'gauge',
    help: 'How much later than due timers ran since the last scrape, by quantile; 1 is the longest.',
    labels: ['quantile'],
  },
  fanout_deliveries_total: {
    kind: 'counter',
    help: 'Inboxes offered a post by lane; warm ones took it, cold ones did not (or had it already).',
    labels: ['lane', 'inbox'],
  },
  fanout_lag_seconds: {
    kind: 'histogram',
    help: 'From the acceptance of a post to the last inbox that got it, by lane.',
    labels: ['lane'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600],
  },
  outbox_swept_total: {
    kind: 'counter',
    help: 'Outbox rows that were left behind and dispatched again by the sweeper.',
    labels: [],
  },
  counted_commits_total: {
    kind: 'counter',
    help: 'Groups of changes that shards of counted sets decided, by what is counted.',
    labels: ['kind'],
  },
  counted_changes_total: {
    kind: 'counter',
    help: 'Changes in those groups, repeats included: by counted_commits_total, the mean group.',
    labels: ['kind'],
  },
  counted_commits_lost_total: {
    kind: 'counter',
    help: 'Commits of counted sets that were tried in vain, because another came first or no answer did.',
    labels: ['kind'],
  },
  counted_growths_total: {
    kind: 'counter',
    help: 'Generations of shards that this process added to counted sets.',
    labels: ['kind'],
  },
  counted_checks_total: {
    kind: 'counter',
    help: 'Counted sets that were counted anew from their members.',
    labels: ['kind'],
  },
  counted_drift_total: {
    kind: 'counter',
    help: 'By how much those totals were wrong, and members that were counted twice. Must stay 0.',
    labels: ['kind'],
  },
  counted_failures_total: {
    kind: 'counter',
    help: 'Background work of counted sets that failed and is done again: no count is wrong because of it.',
    labels: ['work'],
  },
  counted_shards: {
    kind: 'gauge',
    help: 'Shards written during the last second, of the set that is spread widest, by what is counted.',
    labels: ['kind'],
  },
  counted_shard_skew: {
    kind: 'gauge',
    help: 'Changes of the busiest shard by the mean of its set, in the last second; the greatest of sets that are hot, 1 being even.',
    labels: ['kind'],
  },
  feed_reads_total: {
    kind: 'counter',
    help: 'Pages of feeds served, by what their `state` says.',
    labels: ['state'],
  },
  cache_events_total: {
    kind: 'counter',
    help: 'What the cache did by region: hits of each tier, loads, and what each technique did.',
    labels: ['region', 'event'],
  },
  cache_local_bytes: {
    kind: 'gauge',
    help: 'Bytes charged for entries held in the process.',
    labels: ['region'],
  },
  cache_local_entries: {
    kind: 'gauge',
    help: 'Entries held in the process, by room: main, hot, negative.',
    labels: ['region', 'room'],
  },
  cache_hot_keys: {
    kind: 'gauge',
    help: 'Keys that are hot now.',
    labels: ['region'],
  },
  cache_tier_calls_total: {
    kind: 'counter',
    help: 'Calls of the shared tier: made, failed, skipped because it was not being asked.',
    labels: ['result'],
  },
  cache_bus_events_total: {
    kind: 'counter',
    help: 'Invalidation bus: messages sent and received, and signs of losses.',
    labels: ['event'],
  },
  redis_calls_total: {
    kind: 'counter',
    help: 'Calls of Redis by what for: answered, failed, or refused because it was silent.',
    labels: ['use', 'outcome'],
  },
  redis_breaker_state: {
    kind: 'gauge',
    help: 'The circuit breaker before Redis, of a cluster the worst of its nodes: 0 closed, 1 half open, 2 open.',
    labels: ['use'],
  },
  inboxes_dropped_total: {
    kind: 'counter',
    help: 'Inboxes that were found to be no inboxes, and thrown away to be built anew.',
    labels: [],
  },
  store_calls_in_flight: {
    kind: 'gauge',
    help: 'Calls of the engine that have not been answered yet.',
    labels: ['store'],
  },
  store_guard_events_total: {
    kind: 'counter',
    help: 'What stands in front of the store did: attempts, retries, failures, work shed or refused while the breaker is open.',
    labels: ['guard', 'event'],
  },
  store_guard_work: {
    kind: 'gauge',
    help: 'Work in front of the store: running, or queued for its turn.',
    labels: ['guard', 'stage'],
  },
  store_guard_state: {
    kind: 'gauge',
    help: 'The circuit breaker: 0 closed, 1 half open, 2 open.',
    labels: ['guard'],
  },
  store_calls_total: {
    kind: 'counter',
    help: 'Calls of the engine by outcome; failed: away, overloaded or broken.',
    labels: ['store', 'outcome'],
  },
} as const satisfies Record<string, MetricDefinition>;

export type MetricCatalogue = typeof metricCatalogue;
