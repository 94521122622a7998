import { once } from 'node:events';
import type { StackOptions } from './stack-options.ts';
import { StackError } from './stack-error.ts';

export interface ForegroundStack {
  /** What to tell the user once it runs. */
  readonly lines: readonly string[];
  /** Resolves, in words, when a part of it ends by itself. */
  readonly failed: Promise<string>;
  stop(): Promise<void>;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Starts something and keeps it until the first SIGINT, SIGTERM or SIGHUP, also one during the start; further ones do not
 * cut the stop short. Resolves to the exit code, 0, when it has ended; throws, having ended it, when it fails by itself.
 */
export async function runInForeground(
  say: StackOptions['say'],
  start: (signal: AbortSignal) => Promise<ForegroundStack>,
): Promise<number> {
  const controller = new AbortController();
  const { signal } = controller;
  const abort = () => controller.abort();
  // For good: a second signal may come when all has stopped and only the exit is left.
  for (const name of SIGNALS) process.on(name, abort);
  const keepAlive = setInterval(() => undefined, 2 ** 30);
  try {
    await keep(await start(signal), say, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    clearInterval(keepAlive);
  }
  return 0;
}

async function keep(stack: ForegroundStack, say: StackOptions['say'], signal: AbortSignal): Promise<void> {
  try {
    for (const line of stack.lines) say(line);
    const aborted = signal.aborted ? undefined : once(signal, 'abort');
    const failure = await Promise.race([aborted, stack.failed]);
    if (typeof failure === 'string') throw new StackError(failure);
    say('Stopping ...');
  } finally {
    await stack.stop();
  }
}
