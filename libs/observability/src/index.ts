export { EventLoopDelay, type LoopDelay } from './event-loop-delay.ts';
export { createLogger, type Logger, type LoggerOptions } from './logger.ts';
export { type MetricCatalogue, metricCatalogue, type MetricDefinition } from './metric-catalogue.ts';
export { type CounterHandle, type GaugeHandle, type HistogramHandle, Metrics, type Sample } from './metrics.ts';
export * from './vitals/index.ts';
