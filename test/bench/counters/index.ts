import { bulk } from './bulk.ts';
import { designs } from './designs.ts';
import { likesOverHttp } from './likes-over-http.ts';
import { openCassandraBenchEngine } from './cassandra-bench-engine.ts';
import { openLmdbBenchEngine } from './lmdb-bench-engine.ts';
import { lostReplies } from './lost-replies.ts';
import { type BenchOptions, newReport, type Report, type Section } from '../report/report.ts';
import { shards } from './shards.ts';
import { sizes } from './sizes.ts';
import { spread } from './spread.ts';
import { views } from './views.ts';
import type { BenchEngine } from './bench-engine.ts';

/** Of what the embedded engine is asked for. */
const CASSANDRA_SCALE = 0.05;
const SHORT_SCALE = 0.001;

const all = [designs, lostReplies, shards, sizes, bulk];

/** Measures counted sets and views on every engine. COUNTERS_BENCH=lmdb leaves Cassandra out, which takes minutes. */
export async function run({ short, say }: BenchOptions): Promise<Report> {
  const sections: Section[] = [];
  const measure = async (open: () => BenchEngine | Promise<BenchEngine>, parts: typeof all): Promise<void> => {
    const engine = await open();
    for (const part of parts) {
      say(`${part.name}, ${engine.name} ...`);
      sections.push(await part(engine).catch((error: unknown) => notMeasured(part.name, engine, error)));
    }
    await engine.close();
  };
  sections.push(await likesOverHttp(short ? 200 : undefined));
  for (const part of all) await measure(() => openLmdbBenchEngine(short ? SHORT_SCALE : 1), [part]);
  if (!short && process.env.COUNTERS_BENCH !== 'lmdb') {
    await measure(() => openCassandraBenchEngine(1, CASSANDRA_SCALE), [designs, lostReplies, shards, sizes]);
    await measure(() => openCassandraBenchEngine(3, CASSANDRA_SCALE), [designs, shards, spread]);
  }
  sections.push(await views());
  return newReport('Counters', sections, new Date());
}

/** A store that is overloaded by what else the machine does is no reason to lose what was measured before. */
function notMeasured(part: string, { name }: BenchEngine, error: unknown): Section {
  const reason = error instanceof Error ? error.message : String(error);
  return { title: `${part}, ${name}`, about: 'Could not be measured.', columns: ['reason'], rows: [[reason]] };
}
