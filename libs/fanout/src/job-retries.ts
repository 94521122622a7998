import { type Chance, isAppError } from '#kernel';

/** Failures after which a job is a dead letter, when it is not an outage that it waits for: over about half a minute. */
const ATTEMPTS_MAX = 8;

/** Of an outage, about a day: then an operator should look at it. */
export const OUTAGE_ATTEMPTS_MAX = 30_000;

const FIRST_DELAY_MS = 200;
/** While something is away it is asked for that often: what waits should arrive soon after it is back. */
const OUTAGE_DELAY_MAX_MS = 4_000;

/**
 * How long a job waits after a failure, spread so that what failed together does not come back together; undefined when
 * it is not to be tried again.
 * @param attempts failures so far, this one included
 */
export function retryDelayMs(attempts: number, error: unknown, chance: Chance): number | undefined {
  const isOutage = isAppError(error, 'unavailable');
  if (attempts >= (isOutage ? OUTAGE_ATTEMPTS_MAX : ATTEMPTS_MAX)) return undefined;
  const delayMs = FIRST_DELAY_MS * 2 ** Math.min(attempts - 1, 10);
  return Math.round((isOutage ? Math.min(delayMs, OUTAGE_DELAY_MAX_MS) : delayMs) * (1 - chance() / 2));
}
