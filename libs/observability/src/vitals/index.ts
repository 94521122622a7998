export { bucketQuantile } from './bucket-quantile.ts';
export { type Rate, ratesOf, sumOf } from './rates.ts';
export { gainsOf, seriesOf } from './series.ts';
export type { Vitals } from './vitals.ts';
export { VitalsBoard } from './vitals-board.ts';
export { VitalsRecorder, type VitalsOptions } from './vitals-recorder.ts';
