/**
 * `perSecond` permissions a second, up to `burst` saved up. State is two numbers; time comes with the call. O(1).
 */
export class TokenBucket {
  #tokens: number;

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    private takenAtMs: number,
  ) {
    this.#tokens = burst;
  }

  /** 0 where it was granted, else how long until it would be. */
  take(nowMs: number): number {
    this.#tokens = Math.min(this.burst, this.#tokens + ((nowMs - this.takenAtMs) * this.perSecond) / 1000);
    this.takenAtMs = nowMs;
    if (this.#tokens < 1) return ((1 - this.#tokens) * 1000) / this.perSecond;
    this.#tokens--;
    return 0;
  }
}
