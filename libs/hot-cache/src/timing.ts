/** The durations that all regions of a cache share, in milliseconds. */
export interface CacheTiming {
  /** A call of the shared tier that takes longer counts as failed. */
  readonly tierTimeoutMs: number;
  /** A load that takes longer counts as failed. */
  readonly loadTimeoutMs: number;
  /** How long a lease lasts that its holder neither uses nor gives back: what the others wait for when it dies. */
  readonly leaseMs: number;
  /** The longest that any read takes, whatever hangs. */
  readonly flightTimeoutMs: number;
  /** How often a process says on the bus that it is there. */
  readonly heartbeatMs: number;
  /** A bus silent for longer is not trusted. */
  readonly silenceMs: number;
  /** How long a message may come after its successors before it counts as lost. */
  readonly reorderMs: number;
  /** How long entries live in L1 while the bus is not trusted. */
  readonly distrustTtlMs: number;
}

export const defaultTiming: CacheTiming = {
  tierTimeoutMs: 150,
  loadTimeoutMs: 1_000,
  leaseMs: 1_000,
  flightTimeoutMs: 2_500,
  heartbeatMs: 250,
  silenceMs: 1_000,
  reorderMs: 50,
  distrustTtlMs: 250,
};

/** Throws where the durations contradict each other. */
export function checkTiming(timing: CacheTiming): CacheTiming {
  for (const [name, value] of Object.entries(timing) as [string, number][]) {
    if (!(value > 0)) throw new RangeError(`${name} must be positive`);
  }
  if (timing.silenceMs < 2 * timing.heartbeatMs) throw new RangeError('silenceMs must span two heartbeats');
  if (timing.flightTimeoutMs < timing.leaseMs + timing.tierTimeoutMs) {
    throw new RangeError('flightTimeoutMs must outlast a lease whose holder died');
  }
  return timing;
}
