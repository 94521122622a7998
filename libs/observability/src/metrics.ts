import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { metricCatalogue, type MetricCatalogue, type MetricDefinition } from './metric-catalogue.ts';

type NameOf<Kind extends MetricDefinition['kind']> = {
  [Name in keyof MetricCatalogue]: MetricCatalogue[Name]['kind'] extends Kind ? Name : never;
}[keyof MetricCatalogue];
type Labels<Name extends keyof MetricCatalogue> = Readonly<Record<MetricCatalogue[Name]['labels'][number], string>>;

type AnyMetric = Counter | Gauge | Histogram;
interface MetricOptions {
  name: string;
  help: string;
  labelNames: readonly string[];
  registers: Registry[];
  buckets?: number[];
}

/** A metric with its labels filled in: get it once, use it on hot paths. */
export interface CounterHandle {
  inc(by?: number): void;
}
export interface GaugeHandle {
  set(value: number): void;
}
export interface HistogramHandle {
  observe(value: number): void;
}
export interface Sample<Name extends keyof MetricCatalogue> {
  readonly labels: Labels<Name>;
  readonly value: number;
}

/** The catalogue's metrics in one registry. A metric shows in a scrape from its first use on. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #made = new Map<string, AnyMetric>();

  /** @param options.processMetrics memory, handles, garbage collection of this process as well. */
  constructor({ processMetrics = true } = {}) {
    if (processMetrics) collectDefaultMetrics({ register: this.#registry });
  }

  counter<Name extends NameOf<'counter'>>(name: Name, labels: Labels<Name>): CounterHandle {
    return this.#get(name, (options) => new Counter(options)).labels(labels);
  }

  gauge<Name extends NameOf<'gauge'>>(name: Name, labels: Labels<Name>): GaugeHandle {
    return this.#get(name, (options) => new Gauge(options)).labels(labels);
  }

  histogram<Name extends NameOf<'histogram'>>(name: Name, labels: Labels<Name>): HistogramHandle {
    return this.#get(name, (options) => new Histogram(options)).labels(labels);
  }

  /** For numbers that somebody else counts: `read` is asked for the metric's values at every scrape. */
  sample<Name extends NameOf<'counter' | 'gauge'>>(name: Name, read: () => Iterable<Sample<Name>>): void {
    const collect = function (this: Counter | Gauge): void {
      this.reset();
      for (const { labels, value } of read()) this.inc(labels, value);
    };
    const Metric = metricCatalogue[name].kind === 'counter' ? Counter : Gauge;
    this.#get(name, (options) => new Metric({ ...options, collect }));
  }

  /** The Prometheus text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  #get<M extends AnyMetric>(name: keyof MetricCatalogue, make: (options: MetricOptions) => M): M {
    const { help, labels, buckets }: MetricDefinition = metricCatalogue[name];
    const options = { name, help, labelNames: labels, registers: [this.#registry] };
    const metric = this.#made.get(name) ?? make(buckets ? { ...options, buckets: [...buckets] } : options);
    this.#made.set(name, metric);
    return metric as M;
  }
}
