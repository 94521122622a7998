/** Every technique can be switched off alone, to see what it is good for. Each has counters of its own: see RegionCounters. */
export interface Techniques {
  /** Keep values in the process. */
  readonly localTier: boolean;
  /** One load for each key and process. */
  readonly singleFlight: boolean;
  /** One load for each key among all processes, and none that outlives an invalidation. */
  readonly lease: boolean;
  /** Serve what has just expired while it is loaded anew. */
  readonly staleWhileRevalidate: boolean;
  /** Load anew before expiry (XFetch). */
  readonly earlyRefresh: boolean;
  /** Remember what does not exist. */
  readonly negatives: boolean;
  /** Tell the other processes what was invalidated. */
  readonly invalidationBus: boolean;
  /** Count reads by key. */
  readonly detection: boolean;
  /** Keep hot keys in a room of their own. */
  readonly hotRoom: boolean;
  /** Spread copies of hot keys over the nodes of the shared tier. */
  readonly copies: boolean;
  /** Warm on all instances what is about to be hot. */
  readonly prewarm: boolean;
  /** Bound what one key may cost the tiers below. */
  readonly keyLimit: boolean;
}

export const allTechniques: Techniques = {
  localTier: true,
  singleFlight: true,
  lease: true,
  staleWhileRevalidate: true,
  earlyRefresh: true,
  negatives: true,
  invalidationBus: true,
  detection: true,
  hotRoom: true,
  copies: true,
  prewarm: true,
  keyLimit: true,
};
