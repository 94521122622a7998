/** Bounds of what a process takes on for counted sets; beyond them it refuses with `unavailable`. */
export interface CounterLimits {
  /** Operations in one commit. */
  readonly groupMax: number;
  /** Operations waiting for one shard. */
  readonly queueMax: number;
  /** Operations under way in the process. */
  readonly pendingMax: number;
  /** How long an operation may take. */
  readonly timeoutMs: number;
}

export const counterLimits: CounterLimits = { groupMax: 200, queueMax: 5_000, pendingMax: 20_000, timeoutMs: 5_000 };
