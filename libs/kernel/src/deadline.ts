import type { Clock } from './clock.ts';
import { unavailable } from './errors.ts';

/**
 * Settles as `work` does, or rejects with `unavailable` after `timeoutMs`. The work itself goes on; what it ends with
 * after the deadline is dropped, so a promise that never settles costs its caller a bounded wait and nothing else.
 *
 * When the deadline comes, answers that have arrived meanwhile are looked at first: after a stop of the event loop, timers
 * run before the network, and everything under way would seem to have failed.
 */
export function withDeadline<T>(work: Promise<T>, timeoutMs: number, what: string, clock: Clock): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(unavailable(`${what} took longer than ${timeoutMs} ms`));
    let cancel = clock.after(timeoutMs, () => (cancel = clock.after(0, giveUp)));
    settle(work, () => cancel(), resolve, reject);
  });
}

/**
 * Whether `work` ends within `timeoutMs`: true when it did, false when it goes on. Rejects as it does, if it does so in
 * time; what comes later is dropped.
 */
export function finishesWithin(work: Promise<unknown>, timeoutMs: number, clock: Clock): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(timeoutMs, () => resolve(false));
    settle(work, cancel, () => resolve(true), reject);
  });
}

/** One promise in all, where `finally` would make four: every call to a store or to Redis has a deadline. */
function settle<T>(
  work: Promise<T>,
  cancel: () => void,
  resolve: (value: T) => void,
  reject: (error: unknown) => void,
): void {
  work.then(
    (value) => {
      cancel();
      resolve(value);
    },
    (error: unknown) => {
      cancel();
      reject(error);
    },
  );
}
