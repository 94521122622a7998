import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { accepts } from './accepts.ts';
import { installDebianPackage } from './debian-package.ts';
import { findProgram } from './find-program.ts';
import { LocalServer } from './local-server.ts';
import { runProgram } from './run-program.ts';
import { StackError } from './stack-error.ts';
import type { StackOptions } from './stack-options.ts';

export interface NginxOptions extends StackOptions {
  /** nginx's prefix: relative paths in the configuration are below it, logs too. Made, with `tmp` in it for scratch. */
  readonly dir: string;
  /** A port of 127.0.0.1 that the configuration listens on; ready means that it accepts. */
  readonly port: number;
}

/**
 * Runs nginx in the foreground over `configuration`, a whole one, that sets neither `daemon`, `pid` nor `user`. Its scratch
 * paths (`client_body_temp_path` and its like) must be below the prefix, if it is to run for an ordinary user.
 * Throws a StackError with nginx's own words when it does not like the configuration.
 */
export async function startNginx(configuration: string, options: NginxOptions): Promise<LocalServer> {
  const { port, env, signal } = options;
  const dir = resolve(options.dir); // nginx takes what is not absolute as below its prefix
  const nginx = await getNginx(options);
  const file = join(dir, 'nginx.conf');
  mkdirSync(join(dir, 'tmp'), { recursive: true });
  mkdirSync(join(dir, 'logs'), { recursive: true });
  writeFileSync(file, configuration);
  const args = ['-p', dir, '-c', file, '-e', 'stderr', '-g', globals(dir)];
  await runProgram(nginx, [...args, '-t'], { env, signal, timeoutMs: 10_000 });
  return LocalServer.start(
    {
      name: `nginx 127.0.0.1:${port}`,
      command: nginx,
      args,
      cwd: dir,
      env,
      logFile: join(dir, 'nginx.log'),
      readyWithinMs: 10_000,
      isReady: () => accepts(port),
    },
    signal,
  );
}

/** Finds nginx, or installs it where that is possible; undefined where it is not. */
export async function findNginx(options: StackOptions): Promise<string | undefined> {
  const find = () => findProgram(['nginx'], options.env, ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin']);
  const found = find();
  if (found) return found;
  const note = 'its own service on port 80, if it starts one, is not used';
  return (await installDebianPackage('nginx-light', note, options)) ? find() : undefined;
}

async function getNginx(options: StackOptions): Promise<string> {
  const nginx = await findNginx(options);
  if (!nginx)
    throw new StackError('There is no nginx on this machine. On Debian and Ubuntu: sudo apt-get install nginx');
  return nginx;
}

/** As root its workers would become another user, who cannot read below our directory. */
function globals(dir: string): string {
  const user = process.getuid?.() === 0 ? ' user root;' : '';
  return `daemon off; pid ${join(dir, 'nginx.pid')};${user}`;
}
