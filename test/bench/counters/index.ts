import { join } from 'node:path';
import { bulk } from './bulk.ts';
import { designs } from './designs.ts';
import { likesOverHttp } from './likes-over-http.ts';
import { openLmdbBenchEngine } from './lmdb-bench-engine.ts';
import { lostReplies } from './lost-replies.ts';
import { newReport, type Report, type Section, toMarkdown, writeReport } from './report.ts';
import { shards } from './shards.ts';
import { sizes } from './sizes.ts';
import { views } from './views.ts';
import type { BenchEngine } from './bench-engine.ts';

/** Engines that are measured, each on an empty store; others join here. */
const engines: (() => BenchEngine | Promise<BenchEngine>)[] = [openLmdbBenchEngine];
const perEngine = [designs, lostReplies, shards, sizes, bulk];
const reports = join(import.meta.dirname, '..', '..', '..', '..', 'test', 'bench', 'reports');

/** Measures all and leaves the report. Needs `npm run build` before, and redis-server. */
export async function run(): Promise<Report> {
  const alive = setInterval(() => undefined, 1000); // timers of the system clock do not keep a process alive
  const sections: Section[] = [];
  for (const open of engines)
    for (const measure of perEngine) {
      const engine = await open();
      sections.push(await measure(engine));
      await engine.close();
    }
  sections.push(await likesOverHttp(), await views());
  const report = newReport('Counters', sections, new Date());
  writeReport(reports, 'counters', report);
  clearInterval(alive);
  return report;
}

if (process.argv[1] === import.meta.filename) console.log(toMarkdown(await run()));
