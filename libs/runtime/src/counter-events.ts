import type { BackgroundWork, CounterEvents } from '#counters';
import type { Logger, Metrics } from '#observability';
import type { CountedKind } from '#storage';

const WORK: readonly BackgroundWork[] = ['growth', 'settling', 'packing', 'checking'];
const KINDS: readonly CountedKind[] = ['followers', 'likes', 'reposts', 'replies', 'posts'];

/** What happens to counted sets, as metrics; and in the log what somebody should look at. */
export function counterEvents(metrics: Metrics, logger: Logger): CounterEvents {
  const handles = Object.fromEntries(KINDS.map((kind) => [kind, handlesOf(metrics, kind)]));
  for (const work of WORK) metrics.counter('counted_failures_total', { work });
  const of = (kind: CountedKind): Handles => handles[kind] ?? handlesOf(metrics, kind);
  return {
    committed({ kind }, operations, lost) {
      const { commits, changes, lostCommits } = of(kind);
      commits.inc();
      changes.inc(operations);
      if (lost > 0) lostCommits.inc(lost);
    },
    grown({ kind, id }, shards) {
      of(kind).growths.inc();
      logger.info({ kind, id: String(id), shards }, 'a counted set has grown');
    },
    checked({ subject: { kind, id }, drift, doubles, members }) {
      of(kind).checks.inc();
      if (drift === 0 && doubles === 0) return;
      of(kind).drift.inc(Math.abs(drift) + doubles);
      logger.error({ kind, id: String(id), drift, doubles, members }, 'a count was wrong and has been repaired');
    },
    failed(work, err) {
      metrics.counter('counted_failures_total', { work }).inc();
      logger.warn({ err, work }, 'background work of counts failed');
    },
  };
}

type Handles = ReturnType<typeof handlesOf>;

function handlesOf(metrics: Metrics, kind: CountedKind) {
  return {
    commits: metrics.counter('counted_commits_total', { kind }),
    changes: metrics.counter('counted_changes_total', { kind }),
    lostCommits: metrics.counter('counted_commits_lost_total', { kind }),
    growths: metrics.counter('counted_growths_total', { kind }),
    checks: metrics.counter('counted_checks_total', { kind }),
    drift: metrics.counter('counted_drift_total', { kind }),
  };
}
