import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { seriesOf } from './vitals/series.ts';
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

/** A counter or gauge by its name; of a histogram the count or the buckets. */
export type SampleName = NameOf<'counter' | 'gauge'> | `${NameOf<'histogram'>}_${'count' | 'bucket'}`;

interface NamedSample {
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string | number | undefined>>;
  readonly value: number;
}

/** The catalogue's metrics in one registry. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #made = new Map<string, AnyMetric>();

  /** @param options.processMetrics memory, handles, garbage collection of this process as well. */
  constructor({ processMetrics = true } = {}) {
    if (processMetrics) collectDefaultMetrics({ register: this.#registry });
  }

  /** It shows from now on, as 0: Prometheus sees no increase in a series that begins with its first event. */
  counter<Name extends NameOf<'counter'>>(name: Name, labels: Labels<Name>): CounterHandle {
    const handle = this.#get(name, (options) => new Counter(options)).labels(labels);
    handle.inc(0);
    return handle;
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

  /**
   * What these stand at, by series (see `seriesOf`). A histogram has a `<name>_count` and `<name>_bucket`s, whose bound
   * comes after the labels.
   */
  async totals(names: readonly SampleName[]): Promise<Map<string, number>> {
    const totals = new Map<string, number>();
    for (const name of names) {
      const metric = name.replace(/_(count|bucket)$/, '') as keyof MetricCatalogue;
      for (const sample of (await this.#made.get(metric)?.get())?.values ?? []) {
        const { metricName = metric, labels, value }: NamedSample = sample;
        if (metricName !== name) continue;
        const values = [...metricCatalogue[metric].labels, 'le'].flatMap((label) => labels[label] ?? []);
        totals.set(seriesOf(name, ...values.map(String)), value);
      }
    }
    return totals;
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
