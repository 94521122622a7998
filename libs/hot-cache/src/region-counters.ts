/** What one region did since the process started. Plain numbers, so that counting costs nothing; read them as a snapshot. */
export class RegionCounters {
  /** Reads answered by L1, and those that were not. */
  localHits = 0;
  localMisses = 0;
  /** Of the hits: those that told a reader that the thing does not exist. */
  negativeHits = 0;
  /** Reads that joined a flight of their key instead of starting one. */
  joined = 0;
  /** Names answered by the shared tier: fresh; stale while somebody loads. */
  sharedHits = 0;
  staleServed = 0;
  /** Leases received; answers that said somebody else is loading and gave nothing to serve. */
  leases = 0;
  waits = 0;
  /** Keys loaded from the source, calls of it, calls that failed. */
  keysLoaded = 0;
  loads = 0;
  loadFailures = 0;
  /** Fills that came too late: invalidated, or outlived their lease. */
  fillsRefused = 0;
  /** Background work begun by hits: before expiry (XFetch), and because L1's time was over. */
  earlyRefreshes = 0;
  localRefreshes = 0;
  /** Keys invalidated here; keys invalidated by others. */
  invalidated = 0;
  voided = 0;
  /** Values too old for their key's floor that came up again. */
  floorRefusals = 0;
  /** Reads that got the last known value because the source failed. */
  lastKnownServed = 0;
  /** Flights refused by the per-key limit. */
  limited = 0;
  /** Reads of copies of hot keys: answered, and not. */
  copyHits = 0;
  copyMisses = 0;
  copiesWritten = 0;
  /** Values put in by whoever created the thing; keys warmed ahead of their readers; hot keys that a fresh process waited for. */
  primed = 0;
  prewarmed = 0;
  warmedUp = 0;
}

export type RegionSnapshot = Readonly<RegionCounters>;
