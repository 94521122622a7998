import type { Chance } from '#kernel';

/** Of the lifetime: at least so early, so that a hit comes in time, and a hiccup of the process does not matter. */
const SHARE_MIN = 0.03;
/** At most so early: a source that has become slow is not to be asked much more often for it. */
const SHARE_MAX = 0.25;

export interface Life {
  readonly expiresAtMs: number;
  /** From the load to the end. */
  readonly ttlMs: number;
  /** What a refresh takes: to be given the lease, and to load. */
  readonly loadMs: number;
}

/**
 * When to recompute a value before it expires: `expiry - delta * (1 + beta * Exp(1))`, delta being what the last refresh took.
 *
 * XFetch (Vattani, Chierichetti, Lowenstein, "Optimal Probabilistic Cache Stampede Prevention", VLDB 2015) has no
 * summand 1 and draws for each read: the many draws make it early. Here one draw is made for each entry: a hit pays one
 * comparison, and the draws do not grow with the read rate (at 10k reads/s a draw per read refreshes a 60 s value dozens
 * of loads too early). But one draw with beta 1 leaves less than delta with probability 1 - 1/e, and the value expires while
 * it is loaded; so delta itself is always left. The draw only keeps the processes apart, since the lease lets one of them
 * load, and a small beta is enough. More loads than without: delta / ttl * (1 + beta * H(processes)), or 3 %.
 */
export function earlyRefreshAtMs({ expiresAtMs, ttlMs, loadMs }: Life, beta: number, chance: Chance): number {
  const leadMs = loadMs * (1 - beta * Math.log(1 - chance()));
  return expiresAtMs - Math.min(Math.max(leadMs, ttlMs * SHARE_MIN), ttlMs * SHARE_MAX);
}
