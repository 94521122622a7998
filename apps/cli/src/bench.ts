import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { StackError } from '#local-stack';
import { untilSignal } from './k6/until-signal.ts';

const built = resolve('dist/test/bench');

/** Runs the named benches, or all; each is a folder of test/bench with an index.ts that exports `run`. */
export async function main(args: string[]): Promise<number> {
  const all = existsSync(built) ? readdirSync(built).filter((name) => existsSync(join(built, name, 'index.js'))) : [];
  const { names, short } = readArgs(args, all);
  return untilSignal(async (signal) => {
    let exitCode = 0;
    for (const name of names.length > 0 ? names : all) exitCode ||= await runOne(name, short, signal);
    return exitCode;
  });
}

/** In a process of its own, so that one bench's heap and timers do not disturb the next one's figures. */
async function runOne(name: string, short: boolean, signal: AbortSignal): Promise<number> {
  const args = ['--expose-gc', join(built, 'run-bench.js'), name, ...(short ? ['--short'] : [])];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  const end = () => void child.kill('SIGTERM');
  signal.addEventListener('abort', end);
  const [code] = (await once(child, 'exit')) as [number | null];
  signal.removeEventListener('abort', end);
  signal.throwIfAborted();
  return code ?? 1;
}

function readArgs(args: string[], all: readonly string[]) {
  try {
    const options = { short: { type: 'boolean', default: false } } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    if (positionals.every((name) => all.includes(name))) return { names: positionals, short: values.short };
  } catch {
    // what follows says how to do it
  }
  throw new StackError(`usage: npm run bench [-- ${all.join('|')} ...] [--short]
  Measures, and leaves NAME.md and NAME.json in test/bench/reports. --short: only sees that all of it runs, in tiny
  numbers, and leaves its report in .local/bench. The exit code says whether it ran, the report which goals were met.`);
}
