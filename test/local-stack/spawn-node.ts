import { type ChildProcess, spawn } from 'node:child_process';

/** Ends the process when its stdin does, that is when the test run is gone, even by SIGKILL. */
const WATCH = `data:text/javascript,process.stdin.on('close',()=>process.exit(1)).resume().unref()`;

export interface SpawnNodeOptions {
  readonly cwd: string;
  readonly env: Record<string, string | undefined>;
}

/** Runs a script in a process group of its own, so that a test can signal all of it. */
export function spawnNode(args: readonly string[], options: SpawnNodeOptions): ChildProcess {
  return spawn(process.execPath, ['--import', WATCH, ...args], { ...options, stdio: 'pipe', detached: true });
}
