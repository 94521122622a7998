import type { AuthorModeRecord } from '#storage';

/** Clocks of processes that write follows and modes may differ by this much from those that fill inboxes. */
export const CLOCK_MARGIN_MS = 10_000;

/**
 * Whether an author must be read as a pull source by a viewer whose inbox was last brought up to date at `coveredAtMs`:
 * always while their posts may be pull-only, and after a demotion until the inbox has been merged with what it missed.
 */
export function isPulled(record: AuthorModeRecord | undefined, coveredAtMs: number): boolean {
  if (record === undefined) return false;
  return record.mode !== 'demoted' || record.sinceMs > coveredAtMs - CLOCK_MARGIN_MS;
}

/**
 * Whether whoever fills an inbox takes this author's posts into it: always when some reader may not pull them. In
 * `promoting` there are readers who have not heard of it yet.
 */
export function isFilledIn(record: AuthorModeRecord | undefined): boolean {
  return record === undefined || record.mode === 'promoting' || record.mode === 'demoted';
}
