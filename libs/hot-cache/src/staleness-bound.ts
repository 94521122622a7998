import type { CacheTiming } from './timing.ts';

export interface BoundTerms {
  readonly timing: CacheTiming;
  /** The longest that L1 serves an entry without looking below. */
  readonly localMaxMs: number;
  /** Whether other processes share the data, and whether they tell each other. */
  readonly shared: boolean;
  readonly bus: boolean;
}

/**
 * The greatest staleness of any read, in milliseconds: when an invalidation has returned true, no process hands out, this
 * long after, a value from before the change; whatever the bus loses, delays or reorders, and however often processes stop.
 *
 * - One process: 0. An invalidation takes effect before it returns.
 * - Without a bus, a value may be on its way for a flight's time and then live in L1 for its whole time there.
 * - With the bus whole, a lost message shows with its origin's next one. The last one before it may have been under way for
 *   a silence (longer, and this process's own heartbeats would be late, too), the next may let a heartbeat and a silence pass
 *   before trust ends, and what is missing is waited for for the reorder time. Without trust, entries live for
 *   `distrustTtlMs`. Assumed: the bus keeps the order of what takes the same way, but for `reorderMs`.
 *
 * When an invalidation returned false (the shared tier could not be reached), the bound counts from when its repetition got
 * through. Where the source fails, last known values are served for `lastKnownMs` beyond it: stale is then better than down.
 */
export function stalenessBoundMs({ timing, localMaxMs, shared, bus }: BoundTerms): number {
  if (!shared) return 0;
  const withoutBusMs = timing.flightTimeoutMs + localMaxMs;
  if (!bus) return withoutBusMs;
  const heardMs = timing.heartbeatMs + 2 * timing.silenceMs + timing.reorderMs;
  const unheardMs = timing.flightTimeoutMs + timing.distrustTtlMs;
  return Math.min(withoutBusMs, Math.max(heardMs, unheardMs));
}
