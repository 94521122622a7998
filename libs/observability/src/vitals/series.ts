const SEPARATOR = '|';

/** Names a metric with the values of its labels, in the catalogue's order. */
export function seriesOf(metric: string, ...labels: readonly string[]): string {
  return [metric, ...labels].join(SEPARATOR);
}

/** The label values of those series that belong to a metric, with what they gained. */
export function* gainsOf(
  gains: Readonly<Record<string, number>>,
  metric: string,
): Iterable<[labels: string[], gain: number]> {
  const prefix = metric + SEPARATOR;
  for (const [series, gain] of Object.entries(gains)) {
    if (series.startsWith(prefix)) yield [series.slice(prefix.length).split(SEPARATOR), gain];
  }
}
