import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename, join } from 'node:path';
import { freePort } from '#local-stack';

const top = join(import.meta.dirname, '..', '..');
/** Tests run from the sources, benches from what was built. */
const dist = basename(top) === 'dist' ? top : join(top, 'dist');
const READY_WITHIN_MS = 90_000;

/**
 * A compiled app as a process of its own: it can be killed and started again over the same data and the same port. Needs
 * `npm run build` before.
 */
export class ServerProcess {
  #child: ChildProcess | undefined;
  #output = '';

  private constructor(
    private readonly app: string,
    readonly url: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** @param env on top of this process' own; HOST and PORT are chosen here. */
  static async start(app: string, env: Readonly<Record<string, string>>): Promise<ServerProcess> {
    const port = await freePort();
    const settings = { HOST: '127.0.0.1', PORT: String(port), LOG_LEVEL: 'warn', RATE_LIMITS: 'off', ...env };
    const server = new ServerProcess(app, `http://127.0.0.1:${port}`, settings);
    await server.restart();
    return server;
  }

  /** What it wrote since it was started last. */
  get output(): string {
    return this.#output;
  }

  /** Starts it (again); resolves when it is ready. */
  async restart(): Promise<void> {
    await this.kill();
    const script = join(dist, 'apps', this.app, 'src', 'main.js');
    const child = spawn(process.execPath, [script], { env: { PATH: process.env.PATH, ...this.env } });
    this.#child = child;
    this.#output = '';
    const ready = new Promise<void>((resolve, reject) => {
      const note = (text: string): void => {
        this.#output += text;
        if (/^ready /m.test(this.#output)) resolve();
      };
      child.stdout.setEncoding('utf8').on('data', note);
      child.stderr.setEncoding('utf8').on('data', note);
      child.once('exit', (code) => reject(new Error(`${this.app} ended with ${code}:\n${this.#output}`)));
      setTimeout(() => reject(new Error(`${this.app} is not ready:\n${this.#output}`)), READY_WITHIN_MS).unref();
    });
    await ready;
  }

  /** SIGKILL: nothing is finished, nothing is saved. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** SIGTERM; resolves to the exit code. */
  async stop(): Promise<number | null> {
    await this.#end('SIGTERM');
    return this.#child?.exitCode ?? null;
  }

  signal(name: NodeJS.Signals): void {
    this.#child?.kill(name);
  }

  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Starts it again when it has ended. */
  async ensureRunning(): Promise<void> {
    if (!this.running) await this.restart();
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
