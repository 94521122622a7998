import type { CacheTiming } from '../timing.ts';

/** What the bus needs to know of the shared tier. */
export interface TierNews {
  /** When it answered this process last. */
  readonly answeredAtMs: number;
  /** Whether there are invalidations that it could not be told of, and the others neither. */
  readonly owes: boolean;
  /** Finds out whether it answers. */
  ask(): void;
}

/**
 * Finds out whether the shared tier is away where the bus is silent. Then somebody may have invalidated and told nobody, and
 * the tier will be back as it was.
 */
export class TierWatch {
  /** The first time since it has answered. */
  #askedAtMs: number | undefined;

  constructor(
    private readonly tier: TierNews,
    private readonly timing: CacheTiming,
  ) {}

  /** To be called with every beat. */
  look(busSilentForMs: number, nowMs: number): void {
    if (busSilentForMs <= 1.5 * this.timing.heartbeatMs) this.#askedAtMs = undefined;
    else {
      if (!this.#isSilent()) this.#askedAtMs = nowMs;
      this.tier.ask();
    }
  }

  /** Neither has brought anything for a while. (Not so for a process that stood still itself: it has only now asked.) */
  isAway(busSilentForMs: number, nowMs: number): boolean {
    const { heartbeatMs, silenceMs } = this.timing;
    return busSilentForMs >= silenceMs && this.#isSilent() && nowMs - (this.#askedAtMs ?? nowMs) >= heartbeatMs;
  }

  #isSilent(): boolean {
    return this.#askedAtMs !== undefined && this.tier.answeredAtMs < this.#askedAtMs;
  }
}
