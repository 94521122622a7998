import type { CallerSnapshot } from '#engine-redis';
import { BREAKER_STATES } from '#hot-cache';
import type { Metrics } from '#observability';

/** What calls Redis, by what for. Counted where it is called: read here when somebody asks. */
export function watchRedis(callers: Readonly<Record<string, { readonly traffic: CallerSnapshot }>>, metrics: Metrics) {
  const all = Object.entries(callers);
  metrics.sample('redis_calls_total', function* () {
    for (const [use, { traffic }] of all) {
      const { answered, failed, refused } = traffic;
      for (const [outcome, value] of Object.entries({ answered, failed, refused }))
        yield { labels: { use, outcome }, value };
    }
  });
  metrics.sample('redis_breaker_state', function* () {
    for (const [use, { traffic }] of all) yield { labels: { use }, value: BREAKER_STATES.indexOf(traffic.state) };
  });
}
