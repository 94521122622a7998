import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Environment } from './stack-options.ts';

export interface GuardedCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string | undefined;
  readonly env: Environment;
  /** Receives stdout and stderr; appended to. */
  readonly logFile: string;
  /** From the polite signal to the hard one; default 10 s. */
  readonly graceMs?: number | undefined;
}

/**
 * The shell that becomes the command. Before it does, it leaves a watcher behind, which waits for the end of file on a
 * pipe whose other end only our process holds: the kernel closes that one however our process ends. `$$` is the pid of
 * the shell, hence of the command. It cannot belong to somebody else by the time the watcher uses it, because the
 * watcher is in the process group of that number, and POSIX reuses no pid that names a living group.
 */
const GUARD = `
exec 3<&0
(
  {
    PATH=/usr/bin:/bin
    trap '' HUP INT TERM
    read -r _
    kill -TERM $$ && kill -CONT $$
    tenths=0
    while kill -0 $$ && [ $tenths -lt "$1" ]; do sleep 0.1; tenths=$((tenths + 1)); done
    kill -KILL -$$
  } <&3 >/dev/null 2>&1 &
)
shift
exec "$@" 3<&- </dev/null
`;

/**
 * A process in a session of its own, so that no signal to our process group reaches it, that ends when told to and, at
 * the latest, when our process is gone (even by SIGKILL). It does not keep our process alive.
 */
export class GuardedProcess {
  readonly pid: number;
  /** How it ended, in words, once it and what it left behind are gone; never rejects. */
  readonly ended: Promise<string>;
  #running = true;
  readonly #child: ChildProcess;
  readonly #graceMs: number;

  constructor({ command, args, cwd, env, logFile, graceMs = 10_000 }: GuardedCommand) {
    mkdirSync(dirname(logFile), { recursive: true });
    const log = openSync(logFile, 'a', 0o600);
    try {
      const guard = ['-c', GUARD, 'guard', String(Math.ceil(graceMs / 100))];
      const stdio = ['pipe', log, log] as const;
      this.#child = spawn('/bin/sh', [...guard, command, ...args], { cwd, env, detached: true, stdio: [...stdio] });
    } finally {
      closeSync(log);
    }
    this.#graceMs = graceMs;
    this.pid = this.#child.pid ?? 0;
    this.ended = this.#watch();
    this.#child.unref();
  }

  get running(): boolean {
    return this.#running;
  }

  /** Does nothing once the process has ended. */
  signal(signal: NodeJS.Signals): void {
    if (this.#running) this.#child.kill(signal);
  }

  /** Asks it to end, insists after the grace period, and returns when it has ended. */
  async stop(): Promise<void> {
    this.signal('SIGTERM');
    this.signal('SIGCONT'); // a paused process meets its end only when it runs
    const insist = setTimeout(() => this.signal('SIGKILL'), this.#graceMs);
    await this.#end();
    clearTimeout(insist);
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.#end();
  }

  async #end(): Promise<void> {
    if (this.#running) this.#child.ref();
    await this.ended;
  }

  async #watch(): Promise<string> {
    const how = await new Promise<string>((resolve) => {
      this.#child.once('error', (error) => resolve(`could not be started: ${error.message}`));
      this.#child.once('exit', (code, signal) =>
        resolve(signal ? `ended by ${signal}` : `ended with exit code ${code}`),
      );
    });
    this.#running = false;
    await this.#endGroup();
    return how;
  }

  /** The watcher and whatever the command left behind are all in its group, which lives as long as the watcher does. */
  async #endGroup(): Promise<void> {
    this.#child.stdin?.destroy();
    this.#signalGroup('SIGKILL');
    // In a container whose first process does not look after orphans, their remains stay for ever: do not wait for that.
    for (let tries = 0; tries < 100 && this.#signalGroup(0); tries++) await delay(5);
  }

  /** Whether there is anybody left in the group. */
  #signalGroup(signal: NodeJS.Signals | 0): boolean {
    try {
      return this.pid !== 0 && process.kill(-this.pid, signal);
    } catch {
      return false;
    }
  }
}
