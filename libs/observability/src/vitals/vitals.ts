import type { LoopDelay } from '../event-loop-delay.ts';

/** How one process did during the last seconds, for the operators' page. */
export interface Vitals {
  /** Unique for each start of a process. */
  readonly instance: string;
  readonly service: string;
  /** Wall clock. */
  readonly startedAtMs: number;
  readonly atMs: number;
  /** What `gains` covers. */
  readonly windowMs: number;
  /** What each series (see `seriesOf`) has gained in the window; those that stood still are left out. */
  readonly gains: Readonly<Record<string, number>>;
  /** Since the process started. */
  readonly drift: number;
  /** Of the worst second in the window. */
  readonly loop: Pick<LoopDelay, 'p99Ms' | 'longestMs'>;
}
