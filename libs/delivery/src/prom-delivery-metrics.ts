import { type Lane, LANES } from '#fanout';
import type { Metrics } from '#observability';
import type { DeliveryMetrics } from './delivery-metrics.ts';

export function promDeliveryMetrics(metrics: Metrics): DeliveryMetrics {
  const byLane = new Map(LANES.map((lane) => [lane, handlesOf(metrics, lane)]));
  const handles = (lane: Lane) => byLane.get(lane) ?? handlesOf(metrics, lane);
  const swept = metrics.counter('outbox_swept_total', {});
  return {
    delivered(lane, offered, written) {
      handles(lane).warm.inc(written);
      handles(lane).cold.inc(offered - written);
    },
    finished: (lane, lagMs) => handles(lane).lag.observe(lagMs / 1000),
    swept: (rows) => swept.inc(rows),
  };
}

function handlesOf(metrics: Metrics, lane: Lane) {
  return {
    warm: metrics.counter('fanout_deliveries_total', { lane, inbox: 'warm' }),
    cold: metrics.counter('fanout_deliveries_total', { lane, inbox: 'cold' }),
    lag: metrics.histogram('fanout_lag_seconds', { lane }),
  };
}
