import { join } from 'node:path';
import { freePort } from '../free-ports.ts';
import { LocalServer } from '../local-server.ts';
import type { StackOptions } from '../stack-options.ts';
import { type RedisInfo, readInfo } from './redis-info.ts';
import type { RedisNode } from './redis-url.ts';

const HOST = '127.0.0.1';

/** A Redis that we started, on a loopback port. */
export interface RedisServer {
  readonly server: LocalServer;
  readonly port: number;
  readonly url: string;
}

export interface RedisServerOptions extends StackOptions {
  /** For messages. */
  readonly name: string;
  /** Its working directory and the place of its log; made when missing. */
  readonly dir: string;
  /** Default: a free one. */
  readonly port?: number | undefined;
  /** In the form of the command line, such as `['--maxmemory', '100mb']`. It keeps nothing on disk unless they say so. */
  readonly settings?: readonly string[] | undefined;
}

/** How one way of running a Redis goes about it. */
export interface RedisLaunch {
  command(port: number): { command: string; args: string[] };
  readonly readyWithinMs: number;
  /** Whether the one that answers is the process of this pid. */
  isOurs(info: RedisInfo, pid: number): boolean;
}

export async function launchRedis(launch: RedisLaunch, options: RedisServerOptions): Promise<RedisServer> {
  const { name, dir, env, signal } = options;
  const port = options.port ?? (await freePort());
  const isReady = async (pid: number) => {
    const info = await readInfo(loopbackNode(port), 1000);
    return launch.isOurs(info, pid) && info.get('loading') !== '1';
  };
  const spec = { name, env, cwd: dir, logFile: join(dir, 'redis.log'), isReady, readyWithinMs: launch.readyWithinMs };
  const server = await LocalServer.start({ ...spec, ...launch.command(port) }, signal);
  return { server, port, url: `redis://${HOST}:${port}` };
}

/** Runs `program`, a redis-server or valkey-server. */
export function startRedisServer(program: string, options: RedisServerOptions): Promise<RedisServer> {
  const args = (port: number) => [
    '--port',
    String(port),
    '--bind',
    HOST,
    '--daemonize',
    'no',
    ...redisSettings(options),
  ];
  const launch: RedisLaunch = {
    command: (port) => ({ command: program, args: args(port) }),
    readyWithinMs: 15_000,
    // Somebody else's may have taken the port first.
    isOurs: (info, pid) => info.get('process_id') === String(pid),
  };
  return launchRedis(launch, options);
}

export function redisSettings({ settings = [] }: RedisServerOptions): string[] {
  return ['--save', '', '--appendonly', 'no', ...settings];
}

export function loopbackNode(port: number): RedisNode {
  return { host: HOST, port, tls: false, username: '', password: '' };
}
