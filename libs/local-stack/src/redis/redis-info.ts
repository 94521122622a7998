import { RedisConnection } from './redis-connection.ts';
import type { RedisNode } from './redis-url.ts';
import { ReplyError } from './resp-reply.ts';

export type RedisInfo = ReadonlyMap<string, string>;

/** The server's INFO, field by field; a `maxmemory_policy` that it leaves out is asked for. */
export async function readInfo(node: RedisNode, timeoutMs?: number): Promise<RedisInfo> {
  const connection = await RedisConnection.open(node, timeoutMs);
  try {
    const info = parseInfo(String(await connection.command('INFO')));
    if (!info.has('maxmemory_policy')) info.set('maxmemory_policy', await policyOf(connection));
    return info;
  } finally {
    connection.close();
  }
}

function parseInfo(text: string): Map<string, string> {
  const fields = text.split('\r\n').filter((line) => line.includes(':'));
  return new Map(fields.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}

/** Empty when the server does not say. */
async function policyOf(connection: RedisConnection): Promise<string> {
  try {
    const reply = await connection.command('CONFIG', 'GET', 'maxmemory-policy');
    return Array.isArray(reply) ? String(reply[1] ?? '') : '';
  } catch (error) {
    if (error instanceof ReplyError) return '';
    throw error;
  }
}
