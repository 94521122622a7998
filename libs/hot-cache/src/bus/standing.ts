import type { CacheTiming } from '../timing.ts';

/**
 * Whether this process and all others on the bus know of each other. Judged by its own beats alone: while they come back
 * to it within a silence, others hear them, too, and it hears what was sent before them.
 *
 * A process that was cut off may have been forgotten. So its standing begins again only when its beats have come back for
 * longer than any process of good standing may lag behind: whoever has good standing knows of all who have.
 */
export class Standing {
  #fromMs = Infinity;
  #untilMs = -Infinity;

  constructor(private readonly timing: Pick<CacheTiming, 'heartbeatMs' | 'silenceMs'>) {}

  /** A beat sent at that time has been through the bus. */
  heardSelf(sentAtMs: number, nowMs: number): void {
    const { heartbeatMs, silenceMs } = this.timing;
    if (nowMs >= this.#untilMs) this.#fromMs = nowMs + heartbeatMs + silenceMs;
    this.#untilMs = Math.max(this.#untilMs, sentAtMs + silenceMs);
  }

  isGood(nowMs: number): boolean {
    return nowMs >= this.#fromMs && nowMs < this.#untilMs;
  }

  /** Of a process last heard of at that time: whether it may be of good standing, as one of good standing can tell. */
  mayBeGood(heardAtMs: number, nowMs: number): boolean {
    const { heartbeatMs, silenceMs } = this.timing;
    return nowMs < heardAtMs + 2 * silenceMs + heartbeatMs;
  }

  end(): void {
    this.#fromMs = Infinity;
    this.#untilMs = Infinity; // beats that are still on their way change nothing
  }
}
