import type { Config } from '#config';
import type { RosterTiming } from '#fanout';

/** What depends on whether other processes work on the same data. */
export interface Topology {
  readonly shared: boolean;
  readonly roster: RosterTiming;
  /** How long an author stays in an overlap of push and pull: longer than any roster may be used without renewal. */
  readonly settleMs: number;
}

const ROSTER: RosterTiming = { refreshMs: 1_000, validMs: 5_000 };

/** The embedded engine has one owner, who knows every change at once; a cluster may have many readers and writers. */
export function topologyOf({ store }: Config): Topology {
  const shared = store.engine !== 'lmdb';
  return { shared, roster: ROSTER, settleMs: shared ? 2 * ROSTER.validMs : 0 };
}
