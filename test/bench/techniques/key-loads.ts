import type { Redis } from 'ioredis';
import { isCluster, type RedisClient } from '#engine-redis';

/**
 * Commands that name a key, its copies included, by node of the cluster, while the work is done; not those that scripts send.
 * By MONITOR, which slows all nodes alike.
 */
export async function keyLoads(
  client: RedisClient,
  name: string,
  work: () => Promise<unknown>,
): Promise<Record<string, number>> {
  const nodes = isCluster(client) ? client.nodes('all') : [client];
  const loads: Record<string, number> = {};
  const monitors = await Promise.all(nodes.map((node) => monitored(node, name, loads)));
  await work();
  for (const monitor of monitors) monitor.disconnect();
  return loads;
}

async function monitored(node: Redis, name: string, loads: Record<string, number>): Promise<Redis> {
  const url = `${node.options.host}:${node.options.port}`;
  loads[url] = 0;
  const monitor = await node.monitor();
  const note = (_time: string, args: readonly string[], source: string): void => {
    if (source !== 'lua' && args.some((arg) => arg.includes(name))) loads[url] = (loads[url] ?? 0) + 1;
  };
  return monitor.on('monitor', note);
}
