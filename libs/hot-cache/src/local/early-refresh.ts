import type { Chance } from '#kernel';

/**
 * When to recompute a value before it expires: `expiry + delta * beta * ln(rand)`, delta being what the last load took
 * (XFetch: Vattani, Chierichetti, Lowenstein, "Optimal Probabilistic Cache Stampede Prevention", VLDB 2015).
 *
 * Drawn once for each entry, not for each read: an entry lives for one L1 lifetime, so the draws do not grow with the read
 * rate (at 10k reads/s a draw per read refreshes a 60 s value dozens of loads too early), and a hit pays one comparison.
 */
export function earlyRefreshAtMs(expiresAtMs: number, loadMs: number, beta: number, chance: Chance): number {
  return expiresAtMs + loadMs * beta * Math.log(1 - chance());
}
