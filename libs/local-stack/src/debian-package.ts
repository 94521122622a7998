import { existsSync } from 'node:fs';
import { findProgram } from './find-program.ts';
import { runProgram } from './run-program.ts';
import { StackError } from './stack-error.ts';
import type { StackOptions } from './stack-options.ts';

/**
 * Installs a package of Debian's or Ubuntu's, when we are root on such a system, and says so first. False when that is
 * not possible or did not work (which it says, too).
 */
export async function installDebianPackage(name: string, note: string, options: StackOptions): Promise<boolean> {
  const { env, say, signal } = options;
  const aptGet = findProgram(['apt-get'], env);
  if (!aptGet || process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return false;
  const run = (...args: string[]) =>
    runProgram(aptGet, args, { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' }, signal, timeoutMs: 300_000 });
  const install = () => run('install', '--yes', '--no-install-recommends', name);
  say(`Installing the system's package ${name} (apt-get install ${name}; ${note}) ...`);
  try {
    await install().catch(async (error: unknown) => {
      if (!(error instanceof StackError)) throw error;
      await run('update'); // the lists may be missing or out of date
      await install();
    });
    return true;
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    say(`The package ${name} could not be installed. ${error.message}`);
    return false;
  }
}
