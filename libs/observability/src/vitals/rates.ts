import { gainsOf } from './series.ts';
import type { Vitals } from './vitals.ts';

export interface Rate {
  /** Values of the metric's labels, in the catalogue's order. */
  readonly labels: readonly string[];
  /** Of all instances. */
  readonly perSecond: number;
}

/** What the series of a metric gained per second, all instances added up. */
export function ratesOf(vitals: readonly Vitals[], metric: string): Rate[] {
  const rates = new Map<string, { labels: string[]; perSecond: number }>();
  for (const { gains, windowMs } of vitals) {
    if (windowMs === 0) continue;
    for (const [labels, gain] of gainsOf(gains, metric)) {
      const key = labels.join('|');
      const rate = rates.get(key) ?? { labels, perSecond: 0 };
      rate.perSecond += (gain * 1000) / windowMs;
      rates.set(key, rate);
    }
  }
  return [...rates.values()];
}

/** The rate of those series whose first labels are these. */
export function sumOf(rates: readonly Rate[], ...first: readonly string[]): number {
  const those = rates.filter(({ labels }) => first.every((value, i) => labels[i] === value));
  return those.reduce((sum, { perSecond }) => sum + perSecond, 0);
}
