/**
 * When a key counts as hot. Rates are reads per second over all instances, by lower bounds. Being hot costs a place in a
 * bounded room and little else, so that the threshold may be low: what keeps random keys out is the bound, not the rate.
 */
export interface HeatOptions {
  /** Counting starts anew this often. */
  readonly windowMs: number;
  /** Keys counted at once in one window and region. */
  readonly keysCounted: number;
  /** Keys that an instance tells the others of. */
  readonly keysReported: number;
  /** Hot from here on. */
  readonly promotePerSecond: number;
  /** Not hot any more when below this for `coolWindows` windows. */
  readonly demotePerSecond: number;
  readonly coolWindows: number;
  /** Never more hot keys than this in a region: the hottest. */
  readonly hotKeysMax: number;
  /** One more copy in the shared tier for each so many reads per second. */
  readonly readsPerCopy: number;
  /** How long what was hot is remembered. */
  readonly historyMs: number;
}

export const defaultHeat: HeatOptions = {
  windowMs: 1_000,
  keysCounted: 1_024,
  keysReported: 32,
  promotePerSecond: 100,
  demotePerSecond: 50,
  coolWindows: 3,
  hotKeysMax: 64,
  readsPerCopy: 1_000,
  historyMs: 300_000,
};
