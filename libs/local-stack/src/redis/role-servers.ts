import { totalmem } from 'node:os';
import { join } from 'node:path';
import { firstFailure } from '../local-server.ts';
import type { StackOptions } from '../stack-options.ts';
import { redisVariables } from './check-redis.ts';
import type { RedisServer, RedisServerOptions } from './redis-server.ts';

/** The queue's serves the inboxes, too. */
export type ServerRole = 'queue' | 'cache';

export interface RoleServersOptions extends StackOptions {
  /** Working directories and logs of what is started. */
  readonly dir: string;
  /** Bound of the cache's memory; default 256. */
  readonly cacheMb?: number | undefined;
}

export interface RoleServers {
  /** Variables to lay over the server's environment. */
  readonly variables: Readonly<Record<string, string>>;
  /** Resolves, with words for people, when one that we started ends by itself. */
  readonly failed: Promise<string>;
  /** Ends what was started, the queue's last. */
  stop(): Promise<void>;
}

type Start = (options: RedisServerOptions) => Promise<RedisServer>;

/** Starts one Redis for each role in the given way, all or none. */
export async function startRoleServers(
  roles: readonly ServerRole[],
  options: RoleServersOptions,
  start: Start,
): Promise<RoleServers> {
  const started: RedisServer[] = [];
  const variables: Record<string, string> = {};
  let stopping = false;
  const stop = async () => {
    stopping = true;
    for (const { server } of [...started].reverse()) await server.stop();
  };
  try {
    for (const role of roles) {
      const place = { name: `Redis (${role})`, dir: join(options.dir, role) };
      const redis = await start({ ...options, ...place, settings: settings(role, options) });
      started.push(redis);
      variables[redisVariables[role]] = redis.url;
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const failed = new Promise<string>((resolve) => {
    void firstFailure(started.map(({ server }) => server)).then((how) => {
      if (!stopping) resolve(how);
    });
  });
  return { variables, failed, stop };
}

/** The queue never evicts and is bounded nevertheless: refused writes are better than a machine out of memory. */
function settings(role: ServerRole, { cacheMb = 256 }: RoleServersOptions): string[] {
  const halfOfMachineMb = Math.floor(totalmem() / 2 ** 21);
  const [policy, mb] = role === 'cache' ? ['allkeys-lfu', cacheMb] : ['noeviction', halfOfMachineMb];
  return ['--maxmemory-policy', policy, '--maxmemory', `${mb}mb`];
}
