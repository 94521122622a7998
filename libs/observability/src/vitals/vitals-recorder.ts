import { type Clock, Repetition } from '#kernel';
import { EventLoopDelay, type LoopDelay } from '../event-loop-delay.ts';
import type { Metrics, SampleName } from '../metrics.ts';
import { GainWindow } from './gain-window.ts';
import type { Vitals } from './vitals.ts';
import type { VitalsBoard } from './vitals-board.ts';

/** The metrics that operators watch live; reading them once a second takes less than a millisecond. */
const WATCHED: readonly SampleName[] = [
  'http_request_duration_seconds_count',
  'http_errors_total',
  'fanout_deliveries_total',
  'fanout_lag_seconds_bucket',
  'fanout_lag_seconds_count',
  'feed_reads_total',
  'cache_events_total',
  'counted_commits_total',
  'counted_changes_total',
  'counted_commits_lost_total',
  'store_calls_total',
];
const EVERY_MS = 1_000;
const TURNS = 5;

export interface VitalsOptions {
  readonly instance: string;
  readonly service: string;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** Undefined for a process that is alone. */
  readonly board?: VitalsBoard | undefined;
  /** Gains since it was asked last of what is no metric, because its labels have too many values. */
  readonly heat: () => ReadonlyMap<string, number>;
  readonly onError: (error: unknown) => void;
}

/** Keeps a process's vitals, and shows them to the others once a second. */
export class VitalsRecorder {
  readonly #window = new GainWindow(TURNS);
  readonly #delay = new EventLoopDelay();
  readonly #loops: LoopDelay[] = [];
  readonly #startedAtMs: number;
  #drift = 0;
  readonly #turns: Repetition;

  constructor(private readonly options: VitalsOptions) {
    this.#startedAtMs = options.clock.now();
    this.#turns = new Repetition(options.clock, EVERY_MS, () => this.#turn(), options.onError);
  }

  start(): void {
    this.#turns.start();
  }

  async stop(): Promise<void> {
    await this.#turns.stop();
    this.#delay.close();
  }

  /** As of the last turn. */
  get vitals(): Vitals {
    const { instance, service, clock } = this.options;
    return {
      instance,
      service,
      startedAtMs: this.#startedAtMs,
      atMs: clock.now(),
      windowMs: this.#window.windowMs,
      gains: this.#window.gains,
      drift: this.#drift,
      loop: {
        p99Ms: Math.max(0, ...this.#loops.map(({ p99Ms }) => p99Ms)),
        longestMs: Math.max(0, ...this.#loops.map(({ longestMs }) => longestMs)),
      },
    };
  }

  /** Those of all processes; this one's alone, `whole` being false, when the others cannot be asked. */
  async list(): Promise<{ whole: boolean; vitals: Vitals[] }> {
    const { board, instance, onError } = this.options;
    const own = this.vitals;
    if (board === undefined) return { whole: true, vitals: [own] };
    try {
      const all = await board.list();
      return { whole: true, vitals: [own, ...all.filter((other) => other.instance !== instance)] };
    } catch (error) {
      onError(error);
      return { whole: false, vitals: [own] };
    }
  }

  async #turn(): Promise<void> {
    const { metrics, clock, heat, board } = this.options;
    const totals = await metrics.totals(WATCHED);
    this.#window.turn(clock.elapsed(), totals, heat());
    const drift = await metrics.totals(['counted_drift_total']);
    this.#drift = [...drift.values()].reduce((sum, value) => sum + value, 0);
    this.#loops.push(this.#delay.read());
    this.#delay.reset();
    if (this.#loops.length > TURNS) this.#loops.shift();
    await board?.publish(this.vitals);
  }
}
