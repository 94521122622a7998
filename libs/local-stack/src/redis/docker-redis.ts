import { randomUUID } from 'node:crypto';
import { findProgram } from '../find-program.ts';
import { runProgram } from '../run-program.ts';
import type { StackOptions } from '../stack-options.ts';
import { type RedisServer, type RedisServerOptions, launchRedis, redisSettings } from './redis-server.ts';

const IMAGE = 'redis:7.4-alpine';

/** The docker program, when an engine answers it. */
export async function findDocker({ env, signal }: StackOptions): Promise<string | undefined> {
  const docker = findProgram(['docker'], env);
  if (!docker) return undefined;
  try {
    await runProgram(docker, ['version', '--format', '{{.Server.Version}}'], { env, signal, timeoutMs: 5000 });
    return docker;
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

/**
 * A Redis in a container. The client stays in the foreground as our guarded process and hands SIGTERM on, so that the
 * container ends, and is removed, with us.
 */
export function startDockerRedis(docker: string, options: RedisServerOptions): Promise<RedisServer> {
  const name = `groundswell-${randomUUID()}`;
  const publish = (port: number) => ['--publish', `127.0.0.1:${port}:6379`];
  return launchRedis(
    {
      command: (port) => ({
        command: docker,
        args: ['run', '--rm', '--name', name, ...publish(port), IMAGE, 'redis-server', ...redisSettings(options)],
      }),
      readyWithinMs: 300_000, // the image may have to be pulled
      isOurs: (info) => info.has('redis_version'), // its pid is the container's own affair
    },
    options,
  );
}
