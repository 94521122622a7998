import type { UserId } from '#ids';
import { type Lane, LANES } from './fanout-queue.ts';

/** Queues per lane. On a Redis Cluster each lies in a slot of its own. */
export const QUEUE_SHARDS = 2;

/** The lane of what follows deletions. */
export const CLEANUP = 'cleanup';

export type QueueLane = Lane | typeof CLEANUP;

export const QUEUE_LANES: readonly QueueLane[] = [...LANES, CLEANUP];

/** `fanout-<lane>-<shard>`; an author's posts stay in one shard. */
export function queueName(lane: QueueLane, author: UserId): string {
  return nameOf(lane, Number((author ^ (author >> 22n)) % BigInt(QUEUE_SHARDS)));
}

export function queueNames(lane: QueueLane): string[] {
  return Array.from({ length: QUEUE_SHARDS }, (_, shard) => nameOf(lane, shard));
}

/** All keys of a queue carry its name as their hash tag. */
export function queuePrefix(name: string): string {
  return `{${name}}`;
}

function nameOf(lane: QueueLane, shard: number): string {
  return `fanout-${lane}-${shard}`;
}
