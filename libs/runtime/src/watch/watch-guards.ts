import { BREAKER_STATES, type StoreGuard } from '#hot-cache';
import type { Metrics } from '#observability';
import type { StoreGuards } from '../store-guards.ts';

/** Guards count by themselves, too. */
export function watchGuards(guards: StoreGuards, metrics: Metrics): void {
  const all: [name: string, guard: StoreGuard][] = Object.entries(guards);
  metrics.sample('store_guard_events_total', function* () {
    for (const [guard, { snapshot }] of all) {
      const { attempts, retries, failures, shed, refusedOpen } = snapshot;
      for (const [event, value] of Object.entries({ attempts, retries, failures, shed, refused_open: refusedOpen }))
        yield { labels: { guard, event }, value };
    }
  });
  metrics.sample('store_guard_work', function* () {
    for (const [guard, { snapshot }] of all) {
      yield { labels: { guard, stage: 'running' }, value: snapshot.running };
      yield { labels: { guard, stage: 'queued' }, value: snapshot.queued };
    }
  });
  metrics.sample('store_guard_state', function* () {
    for (const [guard, { snapshot }] of all) yield { labels: { guard }, value: BREAKER_STATES.indexOf(snapshot.state) };
  });
}
