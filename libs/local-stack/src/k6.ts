import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from './find-program.ts';
import { runProgram } from './run-program.ts';
import { StackError } from './stack-error.ts';
import type { StackOptions } from './stack-options.ts';
import { cachedDir } from './user-cache.ts';

const VERSION = 'v2.2.0';
const GO_MIN = [1, 25] as const;

export interface K6Options extends StackOptions {
  /** The Go module that pins k6: the project's test/k6/go. */
  readonly moduleDir: string;
}

/** The path of a k6 of version 2: that of PATH, else one built with Go into the user's cache, once. */
export async function ensureK6(options: K6Options): Promise<string> {
  const { env, signal } = options;
  const onPath = findProgram(['k6'], env);
  if (onPath && /\bv2\./.test(await runProgram(onPath, ['version'], { env, signal, timeoutMs: 20_000 }))) return onPath;
  return join(await cachedDir(`k6-${VERSION}`, env, (dir) => build(dir, options)), 'k6');
}

async function build(dir: string, { env, say, signal, moduleDir }: K6Options): Promise<void> {
  const go = await findGo({ env, say, signal });
  say(`Building k6 ${VERSION} with Go; this happens once and takes a minute or two ...`);
  const module = join(dir, 'module');
  cpSync(moduleDir, module, { recursive: true });
  const goEnv = { ...env, GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly' };
  const args = ['build', '-o', join(dir, 'k6'), 'go.k6.io/k6/v2'];
  await runProgram(go, args, { cwd: module, env: goEnv, signal, timeoutMs: 1_200_000 });
  rmSync(module, { recursive: true });
}

async function findGo({ env, signal }: StackOptions): Promise<string> {
  const go = findProgram(['go'], env);
  const version = go && (await runProgram(go, ['version'], { env, signal, timeoutMs: 20_000 }));
  const [, major = 0, minor = 0] = /go(\d+)\.(\d+)/.exec(version ?? '')?.map(Number) ?? [];
  if (go && (major > GO_MIN[0] || (major === GO_MIN[0] && minor >= GO_MIN[1]))) return go;
  throw new StackError(
    `The load tests need k6 version 2 on PATH, or Go ${GO_MIN.join('.')} or newer to build it with, and this machine has neither.`,
  );
}
