import { existsSync } from 'node:fs';
import { findProgram } from '../find-program.ts';
import { runProgram } from '../run-program.ts';
import { StackError } from '../stack-error.ts';
import type { StackOptions } from '../stack-options.ts';
import { installDebianPackage } from '../debian-package.ts';
import { isTooOld } from './check-redis.ts';

/** A redis-server or valkey-server of PATH that is new enough; says so when there is one that is not. */
export async function findRedisProgram({ env, say, signal }: StackOptions): Promise<string | undefined> {
  for (const name of ['redis-server', 'valkey-server']) {
    const program = findProgram([name], env);
    if (!program) continue;
    const version = /v=([\d.]+)/.exec(await runProgram(program, ['--version'], { env, signal, timeoutMs: 5000 }))?.[1];
    if (version !== undefined && !isTooOld(version)) return program;
    say(`${program} is too old (${version ?? 'unknown version'}); looking further.`);
  }
  return undefined;
}

/** Installs the system's package where that is possible; undefined where it is not, or where it did not work. */
export async function installRedisProgram(options: StackOptions): Promise<string | undefined> {
  const note = 'its own service on port 6379, if it starts one, is not used';
  return (await installDebianPackage('redis-server', note, options)) ? findRedisProgram(options) : undefined;
}

/** Finds or installs one; throws a StackError that says how to get one. */
export async function getRedisProgram(options: StackOptions): Promise<string> {
  const program = (await findRedisProgram(options)) ?? (await installRedisProgram(options));
  if (!program) throw new StackError(`There is no redis-server on this machine. To get one: ${installLine()}`);
  return program;
}

/** The line that installs a Redis here. */
export function installLine(): string {
  if (process.platform === 'darwin') return 'brew install redis';
  if (existsSync('/etc/debian_version')) return 'sudo apt-get install redis-server';
  return 'install redis or valkey with the package manager of your system';
}
