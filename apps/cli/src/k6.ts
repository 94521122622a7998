import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureK6, StackError } from '#local-stack';
import { loadScale } from './k6/load-scale.ts';
import { type LoadedServer, seedRunning, startOwnServer } from './k6/loaded-server.ts';
import { runScenario } from './k6/run-scenario.ts';
import { untilSignal } from './k6/until-signal.ts';
import { readOptions } from './options/read-options.ts';

const SCENARIOS = ['viral-post', 'celebrity-storm', 'feed-browse', 'write-burst'] as const;

const USAGE = `usage: npm run k6 -- ${SCENARIOS.join('|')}|all [--base-url URL] [--tokens FILE] [--short]
  Throws load at a server: the running one at URL (found and seeded as npm run seed does it; start it with RATE_LIMITS=off),
  or one that is started for this run. FILE: made by npm run seed -- --tokens, instead of seeding. --short: some seconds.
  RATE, DURATION_S, P99_MS and LAG_P99_MS change a scenario's rate, length and bounds, ONLOOKERS how many only look at a
  viral post; the rates are lower for a cluster that shares this machine. Leaves report.html and summary.json in
  .local/k6/SCENARIO. The exit code is not 0 when a bound was crossed or an answer was wrong.`;

/** Far from what a busy machine does to the times of a run of seconds: short runs are about what is answered. */
const SHORT = { RATE: '10', DURATION_S: '5', P99_MS: '5000', LAG_P99_MS: '8000' };

const moduleDir = resolve('test/k6/go');
const reports = resolve('.local/k6');

export async function main(args: string[]): Promise<number> {
  const { scenarios, baseUrl, tokens, short } = readArgs(args);
  const { env } = process;
  const say = (line: string) => console.log(line);
  return untilSignal(async (signal) => {
    const options = { env, say, signal };
    const k6 = await ensureK6({ ...options, moduleDir });
    const server = await serverFor({ ...options, baseUrl, tokens, short });
    let exitCode = 0;
    try {
      const scale = baseUrl === undefined || env.RATE || short ? 1 : await loadScale(baseUrl, env);
      if (scale < 1)
        say(`A cluster that shares this machine: ${scale} of the scenarios' own rates; RATE sets another.`);
      for (const name of scenarios) {
        say(`\n${name} against ${server.baseUrl}`);
        const own = { BASE_URL: server.baseUrl, TOKENS: server.tokensFile, SCALE: String(scale) };
        const load = { ...(short && SHORT), ...definedOnly(env), ...own };
        exitCode ||= await runScenario(k6, name, { ...options, env, load, dir: join(reports, name) });
      }
    } finally {
      await server.stop();
    }
    return exitCode;
  });
}

interface Wanted {
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  readonly baseUrl: string | undefined;
  readonly tokens: string | undefined;
  readonly short: boolean;
}

async function serverFor({ baseUrl, tokens, ...options }: Wanted): Promise<LoadedServer> {
  const dir = join(reports, 'server');
  if (baseUrl === undefined) return startOwnServer({ ...options, dir });
  if (tokens === undefined) return seedRunning(baseUrl, { ...options, dir });
  return { baseUrl, tokensFile: resolve(tokens), stop: () => Promise.resolve() };
}

/** The variables by which people change a scenario. */
function definedOnly({ RATE, DURATION_S, ONLOOKERS, P99_MS, LAG_P99_MS }: NodeJS.ProcessEnv): Record<string, string> {
  const given = Object.entries({ RATE, DURATION_S, ONLOOKERS, P99_MS, LAG_P99_MS });
  return Object.fromEntries(given.flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

const TEXT = { type: 'string' } as const;
const OPTIONS = { 'base-url': TEXT, tokens: TEXT, short: { type: 'boolean', default: false } } as const;

function readArgs(args: string[]) {
  const { values, positionals } = readOptions({ args, options: OPTIONS, allowPositionals: true }, USAGE);
  const [name, ...more] = positionals;
  const scenarios = SCENARIOS.filter((one) => name === 'all' || name === one);
  const { 'base-url': baseUrl, tokens, short } = values;
  if (scenarios.length === 0 || more.length > 0) throw new StackError(USAGE);
  if (baseUrl !== undefined && !/^https?:\/\//.test(baseUrl)) throw new StackError(USAGE);
  if (tokens !== undefined && (baseUrl === undefined || !existsSync(tokens))) throw new StackError(USAGE);
  return { scenarios, baseUrl: baseUrl?.replace(/\/$/, ''), tokens, short };
}
