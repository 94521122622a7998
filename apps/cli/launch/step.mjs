import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { root } from './root.mjs';

/**
 * Runs npm in the project, its output on stderr because stdout belongs to what comes after. It gets a process group of
 * its own, so that an aborted step ends whole: npm hands no signal on to what it started.
 */
export async function runNpm(args, signal) {
  signal.throwIfAborted();
  const [command, ...first] = npm();
  const child = spawn(command, [...first, ...args], { cwd: root, stdio: ['ignore', 2, 2], detached: true });
  const end = () => child.pid && process.kill(-child.pid, 'SIGTERM');
  signal.addEventListener('abort', end);
  const how = await new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('exit', (code, by) => resolve(by ? `was ended by ${by}` : code && `failed with exit code ${code}`));
  });
  signal.removeEventListener('abort', end);
  signal.throwIfAborted();
  if (how) throw new Error(`npm ${args.join(' ')} ${how}.`);
}

/** The npm that runs us, if one does. */
function npm() {
  const script = process.env.npm_execpath;
  return script && basename(script).startsWith('npm') ? [process.execPath, script] : ['npm'];
}
