import type { Clock } from './clock.ts';
import { isAppError } from './errors.ts';

/**
 * Does `work`, and once more after each of the pauses while it fails as `unavailable`. Rejects as the last attempt does,
 * or at once with any other failure; when `stopping` is aborted no further attempt is made.
 */
export async function retryUnavailable(
  work: () => Promise<void>,
  pausesMs: readonly number[],
  clock: Clock,
  stopping: AbortSignal,
): Promise<void> {
  for (const pauseMs of pausesMs) {
    try {
      await work();
      return;
    } catch (error) {
      if (!isAppError(error, 'unavailable') || !(await mayGoOn(pauseMs, clock, stopping))) throw error;
    }
  }
  await work();
}

/** True after the time, false as soon as the signal has come. */
function mayGoOn(delayMs: number, clock: Clock, stopping: AbortSignal): Promise<boolean> {
  if (stopping.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const stop = (): void => {
      cancel();
      resolve(false);
    };
    const cancel = clock.after(delayMs, () => {
      stopping.removeEventListener('abort', stop);
      resolve(true);
    });
    stopping.addEventListener('abort', stop, { once: true });
  });
}
