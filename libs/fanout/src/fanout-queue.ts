import type { PostId, UserId } from '#ids';
import type { OutboxEntry } from '#storage';

/** Which queue carries a fan-out: big authors' posts never stand before small ones', nor old work before new. */
export const LANES = ['small', 'large', 'backlog'] as const;
export type Lane = (typeof LANES)[number];

/** Up to this many followers a fan-out is one short job. */
export const SMALL_FOLLOWERS_MAX = 500;

export function laneFor(followers: number, recovered: boolean): Lane {
  if (recovered) return 'backlog';
  return followers <= SMALL_FOLLOWERS_MAX ? 'small' : 'large';
}

/** A partition of an author's followers, as the counted sets name it. */
export type Chapter = string;

export interface FanoutTask {
  readonly postId: PostId;
  readonly authorId: UserId;
  /** Removed when the last inbox has the post. */
  readonly outbox: OutboxEntry;
  /** When the post was accepted: milliseconds since the Unix epoch. */
  readonly acceptedAtMs: number;
  readonly lane: Lane;
  readonly chapters: readonly Chapter[];
}

export interface CleanupTask {
  readonly postId: PostId;
  readonly authorId: UserId;
  readonly outbox: OutboxEntry;
}

/** Work for the workers. A task is known by its outbox row: enqueueing it again while it waits or runs does nothing. */
export abstract class FanoutQueue {
  abstract enqueueFanout(task: FanoutTask): Promise<void>;
  /** The cleaning up after a deletion. */
  abstract enqueueCleanup(task: CleanupTask): Promise<void>;
}
