import type { CacheKey } from '../key-codec.ts';

const SMOOTHING = 0.1;

/** What is known of one key while it is hot. */
export class HotKey<K extends CacheKey> {
  readsPerSecond = 0;
  peakPerSecond = 0;
  /** Windows in a row in which it was too cool. */
  coolFor = 0;
  /** Copies that its rate asks for; fewer than 2: none. */
  copies = 0;
  /** Flights of this process, those that loaded, those that failed, and how long they take (moving average). */
  flights = 0;
  loads = 0;
  errors = 0;
  latencyMs = 0;
  /** Reads of this process since it is hot, by lower bounds. */
  reads = 0;

  constructor(
    readonly key: K,
    /** Wall clock. */
    readonly sinceMs: number,
    /** Stays hot until then whatever its rate: somebody announced it. Monotonic clock. */
    public pinnedUntilMs = 0,
  ) {}

  heat(readsPerSecond: number): void {
    this.readsPerSecond = readsPerSecond;
    this.peakPerSecond = Math.max(this.peakPerSecond, readsPerSecond);
  }

  observe(latencyMs: number, loaded: boolean, failed: boolean): void {
    this.latencyMs = this.flights === 0 ? latencyMs : this.latencyMs + SMOOTHING * (latencyMs - this.latencyMs);
    this.flights++;
    if (loaded) this.loads++;
    if (failed) this.errors++;
  }
}
