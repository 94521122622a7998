/**
 * A quantile of a histogram, by linear interpolation in its bucket as Prometheus' `histogram_quantile` does it; undefined
 * where nothing was observed.
 * @param buckets how many observations were at most as great as each bound, by bound; `Infinity` counts all.
 */
export function bucketQuantile(quantile: number, buckets: ReadonlyMap<number, number>): number | undefined {
  const rows = [...buckets].sort(([a], [b]) => a - b);
  const all = rows.at(-1)?.[1] ?? 0;
  if (all === 0) return undefined;
  const rank = quantile * all;
  let [lower, below] = [0, 0];
  for (const [bound, count] of rows) {
    if (count >= rank) return bound === Infinity ? lower : lower + ((bound - lower) * (rank - below)) / (count - below);
    [lower, below] = [bound, count];
  }
  return lower;
}
