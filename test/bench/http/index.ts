import { type BenchOptions, newReport, type Report } from '../report/report.ts';
import { overhead } from './overhead.ts';

/** Measures the surface without what lies behind it. */
export async function run({ short }: BenchOptions): Promise<Report> {
  return newReport('HTTP', [await overhead(short)], new Date());
}
