import type { Redis } from 'ioredis';
import { slotOf } from '../cache/node-tags.ts';
import { isCluster, type RedisClient } from './connect-redis.ts';

/** The masters of a cluster, or the one Redis there is. */
export function mastersOf(redis: RedisClient): Redis[] {
  return isCluster(redis) ? redis.nodes('master') : [redis];
}

/** Which master serves a hash tag, as far as the client knows; '' where there is only one Redis, or none known. */
export function masterOf(redis: RedisClient, tag: string): string {
  return isCluster(redis) ? (redis.slots[slotOf(tag)]?.[0] ?? '') : '';
}

/** Resolves when a master answers; for '' when all of them do. A master that is none any more counts as silent. */
export async function ping(redis: RedisClient, master: string): Promise<void> {
  const asked = mastersOf(redis).filter((node) => master === '' || nameOf(node) === master);
  if (asked.length === 0) throw new Error(`${master} is no master of the cluster`);
  await Promise.all(asked.map((node) => node.ping()));
}

export const nameOf = ({ options: { host, port } }: Redis): string => `${host}:${port}`;
