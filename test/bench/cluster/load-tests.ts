import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureK6 } from '#local-stack';
import type { LoadedServer } from '../../../apps/cli/src/k6/loaded-server.ts';
import { runScenario } from '../../../apps/cli/src/k6/run-scenario.ts';
import { type Goal, goalOf, type Section } from '../report/report.ts';

type Metric = Readonly<Record<string, number>>;
type Metrics = Readonly<Record<string, Metric>>;

const SCENARIOS = ['viral-post', 'write-burst'] as const;
const BOUNDS = { P99_MS: '5000', LAG_P99_MS: '8000' };

/** k6 against the edge; its own thresholds are wide here, the figures speak. */
export async function loadTests(server: LoadedServer, dir: string, load: { RATE: string; DURATION_S: string }) {
  const stack = { env: process.env, say: (line: string) => console.error(line) };
  const k6 = await ensureK6({ ...stack, moduleDir: resolve('test/k6/go') });
  const told = { ...BOUNDS, ...load, BASE_URL: server.baseUrl, TOKENS: server.tokensFile };
  const results: (readonly [name: string, metrics: Metrics])[] = [];
  for (const name of SCENARIOS) {
    const folder = join(dir, name);
    await runScenario(k6, name, { ...stack, load: told, dir: folder });
    const text = readFileSync(join(folder, 'summary.json'), 'utf8');
    results.push([name, (JSON.parse(text) as { metrics: Metrics }).metrics]);
  }
  return sectionOf(load, results);
}

function sectionOf(load: { RATE: string; DURATION_S: string }, results: readonly (readonly [string, Metrics])[]) {
  const section: Section = {
    title: 'k6 against the cluster',
    about:
      `${load.RATE} iterations a second for ${load.DURATION_S} s (open model), through the edge; k6 and all twenty processes ` +
      'share the machine. The lag of a delivery is seen from outside: from the 201 until a follower’s feed shows the post.',
    columns: [
      'scenario',
      'requests/s',
      'p50 ms',
      'p99 ms',
      'lag p50 ms',
      'lag p99 ms',
      'failed',
      'checks failed',
      'dropped',
    ],
    rows: results.map(([name, metrics]) => rowOf(name, metrics)),
    goals: results.flatMap(([name, metrics]) => goalsOf(name, metrics)),
  };
  return section;
}

function rowOf(name: string, metrics: Metrics): (string | number)[] {
  const { http_reqs: requests, http_req_duration: duration, delivery_lag: lag } = metrics;
  const whole = (value: number | undefined): string => (value === undefined ? '-' : value.toFixed(0));
  return [
    name,
    whole(requests?.rate),
    whole(duration?.med),
    whole(duration?.['p(99)']),
    whole(lag?.med),
    whole(lag?.['p(99)']),
    metrics.http_req_failed?.passes ?? 0, // k6 calls a failed request one that "passes" this rate
    metrics.checks?.fails ?? 0,
    metrics.dropped_iterations?.count ?? 0,
  ];
}

function goalsOf(name: string, { http_req_failed: failed, checks, delivery_lag: lag }: Metrics): Goal[] {
  return [
    goalOf(`${name}: failed requests and wrong answers`, (failed?.passes ?? 0) + (checks?.fails ?? 0), '<=', 0),
    ...(lag ? [goalOf(`${name}: median delivery lag`, lag.med ?? Infinity, '<=', 1000, ' ms')] : []),
  ];
}
