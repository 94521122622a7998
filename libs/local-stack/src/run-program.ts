import { type ChildProcess, spawn } from 'node:child_process';
import type { StackOptions } from './stack-options.ts';
import { StackError } from './stack-error.ts';

export interface RunOptions extends Pick<StackOptions, 'env' | 'signal'> {
  readonly cwd?: string | undefined;
  readonly timeoutMs: number;
}

/** What is kept of a program's output; installers can be talkative. */
const OUTPUT_MAX = 256 * 1024;

/**
 * Runs a program to its end and gives back its stdout and stderr together. Throws a StackError with the end of the
 * output when it fails or takes longer than `timeoutMs`; it is then ended with everything it started.
 */
export async function runProgram(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { env, cwd, signal, timeoutMs } = options;
  signal?.throwIfAborted();
  const child = spawn(command, args, { env, cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-OUTPUT_MAX)));
  }
  const endGroup = () => endGroupOf(child);
  const timer = setTimeout(endGroup, timeoutMs);
  signal?.addEventListener('abort', endGroup);
  try {
    const how = await outcome(child);
    signal?.throwIfAborted();
    if (how) throw new StackError(`${[command, ...args].join(' ')} ${how}.\n${output.trimEnd().slice(-1500)}`);
    return output;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', endGroup);
  }
}

function endGroupOf({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGTERM');
}

/** Undefined for success, else what went wrong. */
function outcome(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('close', (code, signal) => {
      if (signal) resolve(`was ended by ${signal}`);
      else resolve(code === 0 ? undefined : `failed with exit code ${code}`);
    });
  });
}
