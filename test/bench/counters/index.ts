import { bulk } from './bulk.ts';
import { designs } from './designs.ts';
import { likesOverHttp } from './likes-over-http.ts';
import { openLmdbBenchEngine } from './lmdb-bench-engine.ts';
import { lostReplies } from './lost-replies.ts';
import { type BenchOptions, newReport, type Report, type Section } from '../report/report.ts';
import { shards } from './shards.ts';
import { sizes } from './sizes.ts';
import { views } from './views.ts';
import type { BenchEngine } from './bench-engine.ts';

/** Engines that are measured, each on an empty store; others join here. */
const engines: (() => BenchEngine | Promise<BenchEngine>)[] = [openLmdbBenchEngine];
const perEngine = [designs, lostReplies, shards, sizes, bulk];

/** Measures counted sets and views. Needs `npm run build` before, and redis-server. */
export async function run(_options: BenchOptions): Promise<Report> {
  const sections: Section[] = [];
  for (const open of engines)
    for (const measure of perEngine) {
      const engine = await open();
      sections.push(await measure(engine));
      await engine.close();
    }
  sections.push(await likesOverHttp(), await views());
  return newReport('Counters', sections, new Date());
}
