import { until } from '#test';
import type { FeedServer } from './feed-server.ts';
import type { Samples } from './samples.ts';

const PATIENCE = { deadlineMs: 300_000, everyMs: 100 };

/** Until no fan-out waits or runs any more. */
export async function untilIdle(server: FeedServer): Promise<void> {
  await until(
    () => server.pending(),
    (pending) => pending === 0,
    PATIENCE,
  );
}

/** Until so many more fan-outs are done than before. Asked seldom, so that asking does not slow them down. */
export function untilFinished(server: FeedServer, before: Samples, count: number): Promise<Samples> {
  const finished = (samples: Samples) => samples.sum('fanout_lag_seconds_count');
  return until(
    () => server.samples(),
    (now) => finished(now) >= finished(before) + count,
    PATIENCE,
  );
}
