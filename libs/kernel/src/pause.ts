import type { Clock } from './clock.ts';

/** Resolves after so long, by the given clock. */
export function pause(forMs: number, clock: Clock): Promise<void> {
  return new Promise((resume) => clock.after(forMs, resume));
}
