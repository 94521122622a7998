import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort } from '#local-stack';

export interface ServerChild {
  readonly url: string;
  stop(): Promise<void>;
}

/** A compiled program that serves on HOST and PORT and prints a line `ready ...`, as a process of its own. */
export async function startServerChild(
  path: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ServerChild> {
  const port = await freePort();
  const script = join(import.meta.dirname, ...path);
  const child = spawn(process.execPath, [script], {
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: String(port), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const failed = ended.then(([code]) => Promise.reject(new Error(`${script} ended with ${String(code)}`)));
  const ready = new Promise<void>((resolve) => {
    child.stdout.on('data', (text: Buffer) => {
      if (text.includes('ready ')) resolve();
    });
  });
  await Promise.race([ready, failed]);
  failed.catch(() => undefined); // from here on it ends because it is stopped
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}
