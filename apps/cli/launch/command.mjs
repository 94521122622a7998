import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { prepare } from './prepare.mjs';
import { importBuilt, root } from './root.mjs';
import { stopSignal } from './stop-signal.mjs';
import { tell } from './tell.mjs';

/** Installs and builds what is needed, then runs `main(args)` of a command's module; its result is the exit code. */
export async function runCommand([name, ...args]) {
  const { signal, release } = stopSignal();
  try {
    await prepare((line) => console.error(line), signal);
    release(); // the command decides what a signal means to it
    const commands = readdirSync(join(root, 'dist/apps/cli/src')).filter((file) => file.endsWith('.js'));
    if (!commands.includes(`${name}.js`)) throw new Error(usage(commands));
    const { main } = await importBuilt(`apps/cli/src/${name}.js`);
    process.exitCode = await main(args);
  } catch (error) {
    process.exitCode = 1;
    if (!signal.aborted) tell(error);
  }
}

function usage(commands) {
  return `usage: run.mjs COMMAND ...; the commands are ${commands.map((file) => file.slice(0, -3)).join(', ')}`;
}
