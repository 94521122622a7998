import { StackError } from '../stack-error.ts';
import type { StackOptions } from '../stack-options.ts';
import { checkRedis, redisVariables } from './check-redis.ts';
import { findDocker, startDockerRedis } from './docker-redis.ts';
import { startJsRedis } from './js-redis.ts';
import { findRedisProgram, installLine, installRedisProgram } from './redis-program.ts';
import { startRedisServer } from './redis-server.ts';
import { type RoleServers, type RoleServersOptions, type ServerRole, startRoleServers } from './role-servers.ts';

export interface ProvidedRedis extends RoleServers {
  readonly source: 'environment' | 'path' | 'package' | 'docker' | 'javascript';
}

/**
 * A Redis for the server: that of REDIS_URL; else a redis-server or valkey-server of PATH; else the system's package,
 * installed; else a container; else one in JavaScript. One that merely answers on the usual port is somebody else's.
 * What it starts listens on loopback and keeps nothing on disk, on purpose: inboxes from an older snapshot would be
 * warm and have holes, while missing ones are rebuilt from the store, and the queue from the outbox. So the end of a
 * started Redis loses the history of jobs, dead letters, and views that were not flushed yet; nothing else.
 */
export async function provideRedis(options: RoleServersOptions): Promise<ProvidedRedis> {
  await checkGiven(options);
  if (options.env.REDIS_URL) return given;
  return (
    (await fromProgram('path', findRedisProgram, options)) ??
    (await fromProgram('package', installRedisProgram, options)) ??
    (await fromDocker(options)) ??
    (await fromJavaScript(options))
  );
}

const given: ProvidedRedis = {
  source: 'environment',
  variables: {},
  failed: new Promise(() => undefined),
  stop: () => Promise.resolve(),
};

/** All that is wrong at once. */
async function checkGiven({ env }: StackOptions): Promise<void> {
  const checks = (['queue', 'inbox', 'cache'] as const).flatMap((role) => {
    const url = env[redisVariables[role]];
    return url ? [checkRedis(url, role)] : [];
  });
  const results = await Promise.allSettled(checks);
  const problems = results.flatMap((r) => (r.status === 'rejected' ? [r.reason as Error] : []));
  const defect = problems.find((problem) => !(problem instanceof StackError));
  if (defect) throw defect;
  if (problems.length > 0) throw new StackError(problems.map(({ message }) => message).join('\n'));
}

/** The cache gets one of its own, which evicts, unless it is given. */
function roles({ env }: StackOptions): ServerRole[] {
  return env[redisVariables.cache] ? ['queue'] : ['queue', 'cache'];
}

type Find = (options: StackOptions) => Promise<string | undefined>;

async function fromProgram(source: 'path' | 'package', find: Find, options: RoleServersOptions) {
  const program = await find(options);
  if (!program) return undefined;
  const servers = await startRoleServers(roles(options), options, (one) => startRedisServer(program, one));
  return { source, ...servers };
}

async function fromDocker(options: RoleServersOptions) {
  const docker = await findDocker(options);
  if (!docker) return undefined;
  options.say('There is no redis-server here: starting one in a container; its image is pulled the first time ...');
  try {
    const servers = await startRoleServers(roles(options), options, (one) => startDockerRedis(docker, one));
    return { source: 'docker', ...servers } as const;
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    options.say(error.message);
    return undefined;
  }
}

/** One for all roles: it does not evict, and two would only take time from each other. */
async function fromJavaScript(options: RoleServersOptions) {
  options.say('');
  options.say('  NOTICE: there is no Redis on this machine, so a slow stand-in written in JavaScript is used.');
  options.say(`  It is good enough for a first look, not for load. For a real one: ${installLine()}`);
  options.say('');
  return { source: 'javascript', ...(await startRoleServers(['queue'], options, startJsRedis)) } as const;
}
