import { closeSync, fstatSync, openSync, readSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type GuardedCommand, GuardedProcess } from './guarded-process.ts';
import { StackError } from './stack-error.ts';

export interface ServerSpec extends GuardedCommand {
  /** For messages, such as `Cassandra 127.0.0.2`. */
  readonly name: string;
  /** Asked again and again until it says yes; a rejection means "not yet". Gets the pid, to know the server by. */
  readonly isReady: (pid: number) => Promise<boolean>;
  readonly readyWithinMs: number;
}

/** One server process with a fixed address and directory, which a fault test may kill, freeze and bring back. */
export class LocalServer {
  #process: GuardedProcess | undefined;
  #paused = false;

  private constructor(readonly spec: ServerSpec) {}

  /** Resolves when the server is ready. Throws a StackError with the last lines of its log when it does not get there. */
  static async start(spec: ServerSpec, signal?: AbortSignal): Promise<LocalServer> {
    rmSync(spec.logFile, { force: true }); // a log tells of one start and its restarts
    const server = new LocalServer(spec);
    await server.#launch(signal);
    return server;
  }

  get pid(): number {
    return this.#current.pid;
  }

  get running(): boolean {
    return this.#current.running;
  }

  /** Running and not paused. */
  get serving(): boolean {
    return this.running && !this.#paused;
  }

  /** How the present process ended. */
  get ended(): Promise<string> {
    return this.#current.ended;
  }

  /** SIGKILL: nothing is saved, connections are reset. */
  kill(): Promise<void> {
    return this.#current.kill();
  }

  /** SIGSTOP: connections stay open and nobody answers. */
  pause(): void {
    this.#paused = true;
    this.#current.signal('SIGSTOP');
  }

  resume(): void {
    this.#paused = false;
    this.#current.signal('SIGCONT');
  }

  /** Ends it if it runs, starts it at the same address over the same directory, and waits until it is ready. */
  async restart(signal?: AbortSignal): Promise<void> {
    await this.stop();
    await this.#launch(signal);
  }

  /** May be called again, and after `kill`. */
  stop(): Promise<void> {
    return this.#current.stop();
  }

  get #current(): GuardedProcess {
    if (!this.#process) throw new Error(`${this.spec.name} was never started`);
    return this.#process;
  }

  async #launch(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.#process = new GuardedProcess(this.spec);
    this.#paused = false;
    try {
      await this.#untilReady(this.#process, signal);
    } catch (error) {
      await this.#process.stop();
      throw error;
    }
  }

  async #untilReady(process: GuardedProcess, signal?: AbortSignal): Promise<void> {
    const { name, isReady, readyWithinMs, logFile } = this.spec;
    const deadline = performance.now() + readyWithinMs;
    for (;;) {
      if (await isReady(process.pid).catch(() => false)) return;
      signal?.throwIfAborted();
      if (!process.running) throw new StackError(`${name} ${await process.ended}.\n${lastLines(logFile)}`);
      if (performance.now() > deadline)
        throw new StackError(`${name} was not ready within ${readyWithinMs / 1000} s.\n${lastLines(logFile)}`);
      await delay(20);
    }
  }
}

/** Resolves, with words for people, when one of the servers, as they run now, ends. */
export function firstFailure(servers: readonly LocalServer[]): Promise<string> {
  return Promise.race(
    servers.map(({ spec, ended }) => ended.then((how) => `${spec.name} ${how}; its log is ${spec.logFile}.`)),
  );
}

/** The end of a log, indented, under the name of its file. */
function lastLines(file: string, bytesMax = 2000, linesMax = 12): string {
  const fd = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(bytesMax);
    const length = readSync(fd, buffer, 0, bytesMax, Math.max(0, fstatSync(fd).size - bytesMax));
    const lines = buffer.toString('utf8', 0, length).trimEnd().split('\n').slice(-linesMax);
    return [`The end of ${file}:`, ...lines.map((line) => `  ${line}`)].join('\n');
  } finally {
    closeSync(fd);
  }
}
