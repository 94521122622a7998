import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import type { Metrics } from './metrics.ts';

const RESOLUTION_MS = 10;
const NS_PER_MS = 1e6;
const QUANTILES = [0.5, 0.99, 0.999, 1] as const;

export interface LoopDelay {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly longestMs: number;
}

/** How much later than due the event loop runs its timers: what every request waits beside its own work. */
export class EventLoopDelay {
  readonly #histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor() {
    this.#histogram.enable();
  }

  /** Since the start or the last `reset`. */
  read(): LoopDelay {
    const [p50Ms, p99Ms, p999Ms, longestMs] = QUANTILES.map((quantile) => this.#quantileMs(quantile));
    return { p50Ms: p50Ms ?? 0, p99Ms: p99Ms ?? 0, p999Ms: p999Ms ?? 0, longestMs: longestMs ?? 0 };
  }

  reset(): void {
    this.#histogram.reset();
  }

  /** Every scrape shows the time since the one before. */
  exportTo(metrics: Metrics): void {
    metrics.sample('event_loop_delay_seconds', () => {
      const samples = QUANTILES.map((q) => ({ labels: { quantile: String(q) }, value: this.#quantileMs(q) / 1000 }));
      this.reset();
      return samples;
    });
  }

  close(): void {
    this.#histogram.disable();
  }

  /** The histogram holds the gaps between ticks that are due every `RESOLUTION_MS`. */
  #quantileMs(quantile: number): number {
    if (this.#histogram.count === 0) return 0;
    return Math.max(0, this.#histogram.percentile(quantile * 100) / NS_PER_MS - RESOLUTION_MS);
  }
}
