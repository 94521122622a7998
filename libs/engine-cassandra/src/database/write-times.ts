import { timeOf } from '#ids';
import type { Clock } from '#kernel';

/**
 * Cassandra keeps, for each cell, the value with the greatest write time (microseconds since the Unix epoch), whatever
 * arrives last. Left alone, that is the clock of whoever writes; where two processes may write the same cell, or one may
 * be repeated much later, the times here say which of two writes is the newer.
 */
export function madeAt(id: bigint): bigint {
  return BigInt(timeOf(id)) * 1000n;
}

/** Now, and in any case later than `earlier`: beats what was written then by a process with another clock. */
export function nowAfter(clock: Clock, earlier: bigint | null | undefined): bigint {
  const now = BigInt(clock.now()) * 1000n;
  return earlier != null && earlier >= now ? earlier + 1n : now;
}
