import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/**
 * Commands that name a key, its copies included, by node, while the work is done; not those that scripts send. By MONITOR,
 * which slows all nodes alike; over sockets of its own, since ioredis takes what a busy node says at once for replies.
 */
export async function keyLoads(
  urls: readonly string[],
  name: string,
  work: () => Promise<unknown>,
): Promise<Record<string, number>> {
  const loads: Record<string, number> = {};
  const monitors = await Promise.all(urls.map((url) => monitored(url, name, loads)));
  await work();
  for (const monitor of monitors) monitor.destroy();
  return loads;
}

/** Lines are `+TIME [DB SOURCE] "COMMAND" "ARGUMENT" ...`. */
async function monitored(url: string, name: string, loads: Record<string, number>): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  loads[url] = 0;
  createInterface({ input: socket }).on('line', (line) => {
    if (line.includes(name) && !line.includes(' lua] ')) loads[url] = (loads[url] ?? 0) + 1;
  });
  socket.write('MONITOR\r\n');
  return socket;
}
