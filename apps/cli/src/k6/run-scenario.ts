import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StackError, type StackOptions } from '#local-stack';

export interface ScenarioOptions extends StackOptions {
  /** What the scenario is told: see test/k6/settings.ts. */
  readonly load: Readonly<Record<string, string>>;
  /** Takes report.html and summary.json. */
  readonly dir: string;
}

/** Runs one of test/k6 to its end, showing what k6 shows, and gives back its exit code: 99 when a threshold was crossed. */
export async function runScenario(k6: string, name: string, options: ScenarioOptions): Promise<number> {
  const { env, say, signal, load, dir } = options;
  mkdirSync(dir, { recursive: true });
  const told = Object.entries(load).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
  const output = ['--no-usage-report', '--summary-export', join(dir, 'summary.json')];
  const args = ['run', ...output, ...told, resolve('test/k6', `${name}.ts`)];
  // In a group of its own: Ctrl-C reaches it once, through us, and it ends in order.
  const child = spawn(k6, args, { stdio: 'inherit', detached: true, env: { ...env, ...dashboard(dir) } });
  const interrupt = () => void child.kill('SIGINT');
  signal?.addEventListener('abort', interrupt);
  try {
    const [code, by] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    signal?.throwIfAborted();
    if (code === null) throw new StackError(`k6 was ended by ${by}`);
    say(`${code === 0 ? 'passed' : 'FAILED'}: ${name}; see ${join(dir, 'report.html')}`);
    return code;
  } finally {
    signal?.removeEventListener('abort', interrupt);
  }
}

/** k6's own page, as a file at the end; nothing listens meanwhile. */
function dashboard(dir: string): Record<string, string> {
  return {
    K6_WEB_DASHBOARD: 'true',
    K6_WEB_DASHBOARD_PORT: '-1',
    K6_WEB_DASHBOARD_PERIOD: '1s',
    K6_WEB_DASHBOARD_EXPORT: join(dir, 'report.html'),
  };
}
