/**
 * Counts that have not changed for a while are settled: caches keep them ten times as long, and the change that ends the
 * quiet throws them out everywhere before it is acknowledged. The changes that follow it throw out nothing: what is
 * cached from then on is younger than a second or two anyway. So the quiet posts of a page cost nobody a read, and a post
 * that everybody likes costs one read a second, however many like it.
 *
 * The two times are apart by more than the clocks of two processes and the life of an unsettled count together: whatever
 * one process may have cached as settled, the next change of another throws out.
 */
const SETTLED_AFTER_MS = 15_000;
const WAKES_AFTER_MS = 5_000;

/** Whether a count that was changed last at that time may be kept as long as settled ones are, and no older one is any more. */
export function isSettled(changedAtMs: number, nowMs: number): boolean {
  return nowMs - changedAtMs > SETTLED_AFTER_MS;
}

/**
 * Whether somebody may have cached the count as settled, when it changes after it was changed last at that time; a time that
 * lies ahead means that a clock was set back.
 */
export function wakes(changedAtMs: number, nowMs: number): boolean {
  return Math.abs(nowMs - changedAtMs) > WAKES_AFTER_MS;
}
