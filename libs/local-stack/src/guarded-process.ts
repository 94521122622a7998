import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
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
 * The shell that becomes the command. File descriptor 3 is a socket whose other end only our process holds. Before the
 * shell becomes the command, it leaves a watcher behind that waits for the socket's end of file: the kernel closes our
 * end however our process ends. `$$` is the pid of the shell, hence of the command; it cannot belong to somebody else
 * by the time the watcher uses it, because the watcher is in the process group of that number, and POSIX reuses no pid
 * that names a living group. The command inherits the socket, too, so that we see when all of them are gone.
 */
const GUARD = `
(
  {
    PATH=/usr/bin:/bin
    trap '' HUP INT TERM
    read -r _ <&3
    kill -TERM $$ && kill -CONT $$
    tenths=0
    while kill -0 $$ && [ $tenths -lt "$1" ]; do sleep 0.1; tenths=$((tenths + 1)); done
    kill -KILL -$$
  } >/dev/null 2>&1 &
)
shift
exec "$@"
`;

/** How long to wait for the end of what the command left behind, when that has escaped from its group. */
const REMAINS_MS = 1000;

/**
 * A process in a session of its own, so that no signal to our process group reaches it, that ends when told to and, at
 * the latest, when our process is gone (even by SIGKILL). It does not keep our process alive.
 */
export class GuardedProcess {
  /** 0 when it could not be started. */
  readonly pid: number;
  /** How it ended, in words, once it and what it left behind are gone; never rejects. */
  readonly ended: Promise<string>;
  #running = true;
  readonly #child: ChildProcess;
  readonly #socket: Socket;
  readonly #graceMs: number;

  constructor({ command, args, cwd, env, logFile, graceMs = 10_000 }: GuardedCommand) {
    mkdirSync(dirname(logFile), { recursive: true });
    const log = openSync(logFile, 'a', 0o600);
    try {
      const guard = ['-c', GUARD, 'guard', String(Math.ceil(graceMs / 100))];
      const stdio = ['ignore' as const, log, log, 'pipe' as const];
      this.#child = spawn('/bin/sh', [...guard, command, ...args], { cwd, env, detached: true, stdio });
    } finally {
      closeSync(log);
    }
    this.#graceMs = graceMs;
    this.#socket = (this.#child.stdio[3] as Socket).unref();
    this.#child.unref();
    this.pid = this.#child.pid ?? 0;
    this.ended = this.#watch();
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
    const how = await outcome(this.#child);
    this.#running = false;
    if (this.pid !== 0) await endGroup(this.pid, this.#socket);
    return how;
  }
}

function outcome(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => resolve(signal ? `ended by ${signal}` : `ended with exit code ${code}`));
  });
}

/** Ends the watcher and whatever the command left behind: all in its group, which lives as long as the watcher does. */
async function endGroup(pid: number, socket: Socket): Promise<void> {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // nobody is left in it
  }
  const closed = new Promise((resolve) => socket.once('close', resolve).ref());
  if (!socket.closed) await Promise.race([closed, delay(REMAINS_MS, undefined, { ref: false })]);
  socket.destroy();
}
