import type { UserId } from '#ids';
import type { AuthorModeRecord, Delivery } from '#storage';

export interface ModeThresholds {
  /** From this many followers on an author's posts are pulled. */
  readonly promoteFollowers: number;
  /** At this many or fewer they are pushed again. Lower than the other, so that an author near the line does not flip. */
  readonly demoteFollowers: number;
  /** How long after a change every reader is certain to know it: longer than a roster may be used without renewal. */
  readonly settleMs: number;
  /** How long an inbox lives that nobody reads. */
  readonly inboxIdleMs: number;
}

/**
 * The next step of an author between push and pull; undefined when there is none to take.
 *
 *     push -> promoting -> pull -> demoting -> demoted -> push
 *
 * Posts are pull-only in `pull` alone, and readers pull in all modes but push: so there is no moment in which a post is
 * neither pushed nor pulled. `promoting` lasts until every reader pulls; `demoting` until nobody can make a pull-only
 * post any more; `demoted` until no inbox is left that was filled before and could lack one.
 *
 * Does no I/O. `record` is undefined for a push author.
 */
export function nextMode(
  author: UserId,
  record: AuthorModeRecord | undefined,
  followers: number,
  nowMs: number,
  thresholds: ModeThresholds,
): { next: AuthorModeRecord | undefined } | undefined {
  const { promoteFollowers, demoteFollowers, settleMs, inboxIdleMs } = thresholds;
  const to = (mode: AuthorModeRecord['mode']) => ({
    next: { author, mode, sinceMs: nowMs, version: (record?.version ?? 0) + 1 },
  });
  const settled = record !== undefined && nowMs - record.sinceMs >= settleMs;
  switch (record?.mode) {
    case undefined:
      return followers >= promoteFollowers ? to('promoting') : undefined;
    case 'promoting':
      if (followers <= demoteFollowers) return to('demoted');
      return settled ? to('pull') : undefined;
    case 'pull':
      return followers <= demoteFollowers ? to('demoting') : undefined;
    case 'demoting':
      if (followers >= promoteFollowers) return to('pull');
      return settled ? to('demoted') : undefined;
    case 'demoted':
      if (followers >= promoteFollowers) return to('promoting');
      return nowMs - record.sinceMs > inboxIdleMs + settleMs ? { next: undefined } : undefined;
  }
}

/** How a post made in this mode travels. */
export function deliveryIn(record: AuthorModeRecord | undefined): Delivery {
  return record?.mode === 'pull' ? 'pull' : 'push';
}
