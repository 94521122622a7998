import { StackError } from '../stack-error.ts';
import { type RedisInfo, readInfo } from './redis-info.ts';
import { type RedisNode, parseRedisUrl } from './redis-url.ts';
import { NotRespError, ReplyError } from './resp-reply.ts';

export type RedisRole = 'queue' | 'inbox' | 'cache';

export const redisVariables = { queue: 'REDIS_URL', inbox: 'INBOX_REDIS_URL', cache: 'CACHE_REDIS_URL' } as const;

/** The first version with everything that BullMQ and the scripts use. */
const VERSION_MIN = [6, 2] as const;

/**
 * Throws a StackError that says what is wrong with a Redis for its role: no address, unreachable, refusing the password,
 * no Redis at all, too old, in or out of cluster mode against the address's form, or, for the queue, allowed to evict
 * jobs. (Inboxes and cache entries may be evicted: they are made anew.) Of a cluster one node must answer, and all
 * that do are looked at.
 */
export async function checkRedis(url: string, role: RedisRole): Promise<void> {
  const variable = redisVariables[role];
  const nodes = parseRedisUrl(url, variable);
  const looked = await Promise.allSettled(nodes.map((node) => readInfo(node)));
  let answered = 0;
  for (const [i, node] of nodes.entries()) {
    const result = looked[i];
    if (result?.status !== 'fulfilled') continue;
    answered++;
    const wrong = whatIsWrong(result.value, role, nodes.length > 1);
    if (wrong) throw new StackError(`The Redis at ${node.host}:${node.port} (${variable}) ${wrong}`);
  }
  if (answered === 0) throw noneAnswers(nodes, variable, looked[0]);
}

export function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < VERSION_MIN[0] || (major === VERSION_MIN[0] && minor < VERSION_MIN[1]);
}

function whatIsWrong(info: RedisInfo, role: RedisRole, cluster: boolean): string | undefined {
  const version = info.get('redis_version') ?? '0';
  const policy = info.get('maxmemory_policy') ?? '';
  const inCluster = info.get('cluster_enabled') === '1';
  if (isTooOld(version)) return `is version ${version}; at least ${VERSION_MIN.join('.')} is needed.`;
  if (inCluster && !cluster) return 'is a node of a cluster: name several of its nodes, separated by commas.';
  if (!inCluster && cluster) return 'is not in cluster mode, but the address is a list.';
  if (role === 'queue' && policy !== '' && policy !== 'noeviction')
    return `may evict the queue's jobs: its maxmemory-policy is ${policy}. Set it to noeviction, or use another Redis for the queue.`;
  return undefined;
}

function noneAnswers(nodes: RedisNode[], variable: string, first: PromiseSettledResult<RedisInfo> | undefined) {
  const where = nodes.map(({ host, port }) => `${host}:${port}`).join(', ');
  const reason: unknown = first?.status === 'rejected' ? first.reason : undefined;
  return new StackError(`The Redis at ${where} (${variable}) ${whyNot(reason)}.`);
}

function whyNot(reason: unknown): string {
  if (reason instanceof NotRespError) return 'answers, but not as a Redis does';
  if (reason instanceof ReplyError)
    return `refuses us (${reason.message.split(' ')[0] ?? ''}): check user and password`;
  const { code, message } = reason as NodeJS.ErrnoException; // of Node, whose Error is not always ours by instanceof
  return `cannot be reached (${code ?? message})`;
}
