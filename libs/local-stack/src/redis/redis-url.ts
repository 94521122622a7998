import { StackError } from '../stack-error.ts';

/** One node of what a Redis variable names. */
export interface RedisNode {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly username: string;
  readonly password: string;
}

/** `redis://[user:password@]host[:port][/db]`, or a comma list of such, or of `host:port`, for the nodes of a cluster. */
export function parseRedisUrl(url: string, variable: string): RedisNode[] {
  const parts = url.split(',').map((part) => part.trim());
  const given = parts.filter((part) => part !== '');
  if (given.length === 0) throw notAnAddress(variable);
  return given.map((part) => parseNode(part.includes('://') ? part : `redis://${part}`, variable));
}

function parseNode(part: string, variable: string): RedisNode {
  if (!URL.canParse(part)) throw notAnAddress(variable);
  const { protocol, hostname, port, username, password } = new URL(part);
  if (!['redis:', 'rediss:'].includes(protocol) || hostname === '') throw notAnAddress(variable);
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port || 6379),
    tls: protocol === 'rediss:',
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
  };
}

/** The value stays out of the message: it may hold a password. */
function notAnAddress(variable: string): StackError {
  return new StackError(
    `${variable} is no Redis address. It looks like redis://host:6379, for a cluster like host:1,host:2.`,
  );
}
