import type { Metrics } from '#observability';
import { FEED_STATES, type FeedState } from './feed-page.ts';

/** Counts pages by state; states that have not been met yet show 0. */
export function feedReads(metrics: Metrics): (state: FeedState) => void {
  const counters = new Map(FEED_STATES.map((state) => [state, metrics.counter('feed_reads_total', { state })]));
  return (state) => counters.get(state)?.inc();
}
