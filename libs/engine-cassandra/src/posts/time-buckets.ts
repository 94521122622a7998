import { timeOf } from '#ids';

/** Months since the year 2000, UTC. */
export function monthAt(ms: number): number {
  const date = new Date(ms);
  return (date.getUTCFullYear() - 2000) * 12 + date.getUTCMonth();
}

export function monthOf(id: bigint): number {
  return monthAt(timeOf(id));
}

export const MINUTE_MS = 60_000;

/** Minutes since the Unix epoch. */
export function minuteOf(id: bigint): number {
  return Math.floor(timeOf(id) / MINUTE_MS);
}

const FIRST_SPAN_MS = 15 * MINUTE_MS;
/** The last span that is twice as long as the one before: 2^10 times the first, almost 11 days. */
const DOUBLINGS = 10;

/**
 * The spans of a post's age: [0, 1), [1, 3), [3, 7) ... quarters of an hour, and from the age of 21 days on all of one
 * length. A span that begins later has a greater number.
 */
export function spanOfAge(ageMs: number): number {
  const age = Math.max(0, ageMs) / FIRST_SPAN_MS;
  const doubling = Math.floor(Math.log2(age + 1));
  if (doubling <= DOUBLINGS) return doubling;
  const steadyFrom = 2 ** (DOUBLINGS + 1) - 1;
  return DOUBLINGS + 1 + Math.floor((age - steadyFrom) / 2 ** DOUBLINGS);
}
