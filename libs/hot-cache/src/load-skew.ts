export interface LoadSkew {
  /** The busiest share over the mean: 1 is even, the number of shares is all on one; 1 where nothing is carried. */
  readonly ratio: number;
  readonly busiest: string | undefined;
  readonly alert: boolean;
}

const ALERT_ABOVE = 3;

/**
 * How unevenly a load is carried by nodes or shards: `loads` is what each carried, in any unit, idle ones included. Below a
 * total of `worthMin` there is no alert: a handful of requests is always uneven, and never a problem.
 */
export function loadSkew(loads: Readonly<Record<string, number>>, worthMin = 0): LoadSkew {
  const shares = Object.entries(loads);
  const total = shares.reduce((sum, [, load]) => sum + load, 0);
  if (total === 0) return { ratio: 1, busiest: undefined, alert: false };
  const [busiest, max] = shares.reduce((a, b) => (b[1] > a[1] ? b : a));
  const ratio = (max * shares.length) / total;
  return { ratio, busiest, alert: ratio > ALERT_ABOVE && total >= worthMin };
}
