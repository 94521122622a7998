import type { Lane } from '#fanout';

/** What the workers report. */
export interface DeliveryMetrics {
  /** @param offered followers of a slice; @param written those whose inboxes were warm */
  delivered(lane: Lane, offered: number, written: number): void;
  /** @param lagMs from the post's acceptance to its last inbox */
  finished(lane: Lane, lagMs: number): void;
  /** Rows that the sweeper found and dispatched again. */
  swept(rows: number): void;
}
