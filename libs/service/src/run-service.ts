import { pathToFileURL } from 'node:url';
import type { RunningService } from './start-service.ts';

export type StartService = (env: NodeJS.ProcessEnv) => Promise<RunningService>;

/** How long a stop may take before the process gives up. */
const STOP_DEADLINE_MS = 30_000;

/** Whether a module is the one that node was told to run, rather than one that another imports. */
export function isMain(moduleUrl: string): boolean {
  const [, script] = process.argv;
  return script !== undefined && pathToFileURL(script).href === moduleUrl;
}

/**
 * Runs a service as this process: prints `ready <url>` when it serves, stops cleanly on SIGTERM or SIGINT (a second
 * signal changes nothing), and says in one line why it could not start.
 */
export async function runService(start: StartService, env: NodeJS.ProcessEnv): Promise<void> {
  try {
    const service = await start(env);
    process.stdout.write(`ready ${service.url}\n`);
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(service));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'the service could not start'}\n`);
    process.exit(1);
  }
}

let stopping: Promise<void> | undefined;

function stop(service: RunningService): Promise<void> {
  stopping ??= stopOnce(service);
  return stopping;
}

async function stopOnce(service: RunningService): Promise<void> {
  setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
  let code = 0;
  try {
    await service.stop();
  } catch (error) {
    process.stderr.write(`the stop was not clean: ${error instanceof Error ? error.message : 'unknown'}\n`);
    code = 1;
  }
  process.exit(code);
}
