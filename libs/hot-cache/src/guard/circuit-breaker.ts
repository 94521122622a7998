import type { Chance, Clock } from '#kernel';

export interface BreakerOptions {
  /** Calls of this long are judged, in tenths of it. */
  readonly windowMs: number;
  /** Fewer calls than this in the window prove nothing. */
  readonly callsMin: number;
  /** Opens when this share of the window's calls failed. */
  readonly failureRatio: number;
  /** Opens, too, after so many failures with no success between them: silence needs no statistics. */
  readonly failuresInRow?: number;
  /** How long it stays open before probes are let through; a fifth more or less, so that processes don't probe together. */
  readonly openMs: number;
  /** Calls let through while half open; all must succeed for it to close. */
  readonly probes: number;
}

export const defaultBreaker: BreakerOptions = {
  windowMs: 5_000,
  callsMin: 10,
  failureRatio: 0.5,
  openMs: 1_000,
  probes: 3,
};

/** Proof that a call was let through: given back with its outcome. 0 means it was not. */
export type Permit = number;

const SLICES = 10;

/** From good to bad: their places are what metrics show. */
export const BREAKER_STATES = ['closed', 'half-open', 'open'] as const;
export type BreakerState = (typeof BREAKER_STATES)[number];

/**
 * Stops calling what fails: closed, open, half open (Nygard, "Release It!"; judged by failure rate over a sliding window,
 * as in Hystrix). Outcomes of calls from before a change of state are ignored. O(1), no timer.
 */
export class CircuitBreaker {
  readonly #calls = new Uint32Array(SLICES);
  readonly #failures = new Uint32Array(SLICES);
  #slice = 0;
  #failuresInRow = 0;
  /** Odd while closed, even while half open or open; grows with every change of state. */
  #era = 1;
  #openUntilMs = 0;
  #probesLeft = 0;
  #probesDone = 0;
  /** When the last probe was let through, counted from #openUntilMs. */
  #probesGivenMs = 0;

  constructor(
    private readonly clock: Clock,
    private readonly chance: Chance,
    private readonly options: BreakerOptions = defaultBreaker,
  ) {}

  get state(): BreakerState {
    if (this.#era % 2 === 1) return 'closed';
    return this.clock.elapsed() < this.#openUntilMs ? 'open' : 'half-open';
  }

  /** How long until a call has a chance again; for `Retry-After`. */
  get retryAfterMs(): number {
    return Math.max(0, this.#openUntilMs - this.clock.elapsed());
  }

  /** A permit, or 0 where the call must not be made. */
  enter(): Permit {
    if (this.#era % 2 === 1) return this.#era;
    const overdueMs = this.clock.elapsed() - this.#openUntilMs;
    if (overdueMs < 0) return 0;
    if (this.#probesLeft > 0) this.#probesLeft--;
    else if (overdueMs < this.#probesGivenMs + this.options.openMs) return 0;
    // else: the outcome of the probes never came; one more, lest it stay half open for ever
    this.#probesGivenMs = overdueMs;
    return this.#era;
  }

  leave(permit: Permit, succeeded: boolean): void {
    if (permit !== this.#era) return;
    if (permit % 2 === 0) this.#judgeProbe(succeeded);
    else this.#count(succeeded);
  }

  #judgeProbe(succeeded: boolean): void {
    if (!succeeded) this.#open(2);
    else if (++this.#probesDone >= this.options.probes) this.#close();
  }

  #count(succeeded: boolean): void {
    this.#turnTo(Math.floor((this.clock.elapsed() * SLICES) / this.options.windowMs));
    const at = this.#slice % SLICES;
    this.#calls[at] = (this.#calls[at] ?? 0) + 1;
    this.#failuresInRow = succeeded ? 0 : this.#failuresInRow + 1;
    if (succeeded) return;
    this.#failures[at] = (this.#failures[at] ?? 0) + 1;
    const calls = sum(this.#calls);
    const failures = sum(this.#failures);
    const { callsMin, failureRatio, failuresInRow = Infinity } = this.options;
    const many = calls >= callsMin && failures >= calls * failureRatio;
    if (many || this.#failuresInRow >= failuresInRow) this.#open(1);
  }

  /** Empties the slices of the window that have passed since the last call. */
  #turnTo(slice: number): void {
    for (let n = Math.min(SLICES, slice - this.#slice); n > 0; n--) {
      const at = (slice - n + 1) % SLICES;
      this.#calls[at] = 0;
      this.#failures[at] = 0;
    }
    this.#slice = slice;
  }

  #open(eras: 1 | 2): void {
    this.#era += eras;
    this.#openUntilMs = this.clock.elapsed() + this.options.openMs * (0.8 + 0.4 * this.chance());
    this.#probesLeft = this.options.probes;
    this.#probesDone = 0;
  }

  #close(): void {
    this.#era++;
    this.#failuresInRow = 0;
    this.#calls.fill(0);
    this.#failures.fill(0);
  }
}

function sum(slices: Uint32Array): number {
  return slices.reduce((total, n) => total + n, 0);
}
