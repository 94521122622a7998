/** Time as an argument: everything that waits, expires or measures takes one of these, so that tests can move it. */
export interface Clock {
  /** Wall clock: milliseconds since the Unix epoch. May step in either direction. */
  now(): number;
  /** Monotonic: milliseconds, with fractions, since some fixed moment. For durations and expiry. */
  elapsed(): number;
  /** Runs `work` once after `delayMs`; the timer does not keep the process alive. Returns a function that cancels it. */
  after(delayMs: number, work: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(delayMs, work) {
    const timer = setTimeout(work, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Uniform numbers in [0, 1): `Math.random` in production, a seeded generator in tests. */
export type Chance = () => number;
