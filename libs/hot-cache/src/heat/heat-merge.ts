import type { HeatRow } from '../bus/bus-message.ts';

interface Report {
  readonly atMs: number;
  /** Reads of all keys per second. */
  readonly total: number;
  readonly rates: ReadonlyMap<string, number>;
}

/** An instance that has not reported for so many windows has no say any more. */
const WINDOWS_VALID = 2.5;

/** What every instance says of its last window, added up: the sum of lower bounds is a lower bound of the sum. */
export class HeatMerge {
  readonly #reports = new Map<string, Report>();

  constructor(private readonly windowMs: number) {}

  hear(origin: string, total: number, rows: readonly HeatRow[], atMs: number): void {
    this.#reports.set(origin, { atMs, total, rates: new Map(rows) });
  }

  /** A key burst in the middle of a window: it replaces nothing else that the instance said. */
  hearBurst(origin: string, [key, rate]: HeatRow, atMs: number): void {
    const old = this.#reports.get(origin);
    const rates = new Map(old?.rates).set(key, Math.max(rate, old?.rates.get(key) ?? 0));
    this.#reports.set(origin, { atMs, total: Math.max(old?.total ?? 0, rate), rates });
  }

  forget(origin: string): void {
    this.#reports.delete(origin);
  }

  /** Reads per second of every key that somebody reported. */
  rates(nowMs: number): Map<string, number> {
    const rates = new Map<string, number>();
    for (const [origin, report] of this.#reports) {
      if (nowMs - report.atMs > WINDOWS_VALID * this.windowMs) this.#reports.delete(origin);
      else for (const [key, rate] of report.rates) rates.set(key, (rates.get(key) ?? 0) + rate);
    }
    return rates;
  }

  /** Reads of all keys per second. */
  get total(): number {
    return [...this.#reports.values()].reduce((sum, { total }) => sum + total, 0);
  }

  /** Reads per second of the key by instance. */
  byOrigin(key: string): Record<string, number> {
    const rates = [...this.#reports].map(([origin, { rates }]) => [origin, rates.get(key) ?? 0] as const);
    return Object.fromEntries(rates.filter(([, rate]) => rate > 0));
  }
}
