/** One key's value in this process; `value` is undefined where the thing is known not to exist. */
export class Entry<V> {
  /** Whether L1 holds it for its key: false from when another took its place, or it was thrown out. */
  shelved = false;

  constructor(
    /** Frozen, or bytes. */
    readonly value: V | undefined,
    /** Of the shared record it came from: it never goes back for a key. */
    readonly version: number,
    /** Of the trust under which it was read: see Trust. */
    readonly generation: number,
    /** From here on a hit starts a refresh in the background. Monotonic clock. */
    public refreshAtMs: number,
    /** From here on it is not served, unless the source fails. Monotonic clock. */
    public expiresAtMs: number,
    /** Whether that refresh comes before the shared record has aged (XFetch) and must therefore ask for the lease. */
    readonly early: boolean,
  ) {}

  /** Whether it is what a reader would be given, and nothing else would happen. */
  isFresh(nowMs: number): boolean {
    return this.shelved && nowMs < this.refreshAtMs && nowMs < this.expiresAtMs;
  }
}
