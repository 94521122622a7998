import { idOf, type PostId, type UserId } from '#ids';
import type { Chapter, CleanupTask, FanoutTask, Lane } from './fanout-queue.ts';

/**
 * What travels through the queues. `deliver`: a whole fan-out of one chapter. `chapter`: one of several; `finish` follows
 * the last of them. `clean-up`: after a deletion. Jobs name chapters and positions, never lists of followers.
 */
export type JobName = 'deliver' | 'chapter' | 'finish' | 'clean-up';

/** JSON, so ids are strings. */
export interface FanoutJobData {
  readonly postId: string;
  readonly authorId: string;
  readonly outboxId: string;
  readonly acceptedAtMs: number;
  readonly lane: Lane;
  readonly chapters: readonly Chapter[];
  /** Where a run that gave way to others goes on: index of the chapter, followers done in it. */
  readonly position?: { readonly chapter: number; readonly offset: number };
}

export interface CleanupJobData {
  readonly postId: string;
  readonly authorId: string;
  readonly outboxId: string;
}

export function encodeFanout(task: FanoutTask): FanoutJobData {
  const { postId, authorId, outbox, acceptedAtMs, lane, chapters } = task;
  return {
    postId: String(postId),
    authorId: String(authorId),
    outboxId: String(outbox.id),
    acceptedAtMs,
    lane,
    chapters,
  };
}

export function decodeFanout(data: FanoutJobData): FanoutTask {
  const { acceptedAtMs, lane, chapters } = data;
  return { ...decodeIds(data, 'created'), acceptedAtMs, lane, chapters };
}

export function encodeCleanup({ postId, authorId, outbox }: CleanupTask): CleanupJobData {
  return { postId: String(postId), authorId: String(authorId), outboxId: String(outbox.id) };
}

export function decodeCleanup(data: CleanupJobData): CleanupTask {
  return decodeIds(data, 'deleted');
}

function decodeIds(data: CleanupJobData, kind: 'created' | 'deleted') {
  const postId = idOf<PostId>(data.postId);
  return { postId, authorId: idOf<UserId>(data.authorId), outbox: { id: BigInt(data.outboxId), kind, postId } };
}
