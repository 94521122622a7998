import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { StackError } from './stack-error.ts';

/**
 * Below the range from which systems take the source ports of outgoing connections (32768 on Linux, 49152 elsewhere):
 * otherwise a client that keeps trying a server that is down can be given the server's own port, talk to itself, and
 * keep the server from coming back. And fewer than 10,000, so that no port is another one's further port (`offsets`): what is
 * found free now for both would be taken by the first that starts.
 */
const FIRST = 11_000;
const LAST = 20_999;

export interface PortNeeds {
  /** Addresses on which a port must be free; default 127.0.0.1. */
  readonly hosts?: readonly string[];
  /** Distances to further ports that must be free as well, 10,000 or none. */
  readonly offsets?: readonly number[];
}

/** Ports on which nobody listens at the moment, all different. */
export async function freePorts(count: number, { hosts = ['127.0.0.1'], offsets = [] }: PortNeeds = {}) {
  const found = new Set<number>();
  for (let tries = 0; found.size < count; tries++) {
    if (tries > 200) throw new StackError(`found no ${count} free ports on ${hosts.join(', ')}`);
    const port = randomInt(FIRST, LAST + 1);
    const needed = [0, ...offsets].flatMap((offset) => hosts.map((host) => ({ host, port: port + offset })));
    if ((await Promise.all(needed.map(isFree))).every(Boolean)) found.add(port);
  }
  return [...found];
}

export async function freePort(needs?: PortNeeds): Promise<number> {
  const [port] = await freePorts(1, needs);
  return port ?? 0;
}

/** Throws when the host is no address of this machine. */
export function isFree({ host, port }: { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRNOTAVAIL') reject(new StackError(`${host} is no address of this machine`));
      else resolve(false);
    });
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
