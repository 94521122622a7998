import { idAt, timeOf } from '#ids';
import type { CountedKind, CountedSubject, IndexKind, IndexPartition } from '#storage';
import type { OwnRow } from './operation.ts';

/** The counted set behind each kind of membership. */
const SETS: Record<IndexKind, CountedKind> = { likes: 'likes', following: 'followers' };

export function setOf(kind: IndexKind, subject: bigint): CountedSubject {
  return { kind: SETS[kind], id: subject };
}

/**
 * Where a member's row about a subject lies. Likes are kept by the month of the post, so that no partition grows without
 * bound and the posts of one feed page, which are of one age, are found in one or two; whom one follows is one partition.
 */
export function partitionOf(kind: IndexKind, member: bigint, subject: bigint): IndexPartition {
  return { kind, member, bucket: kind === 'likes' ? monthOf(subject) : 0 };
}

export function rowOf(kind: IndexKind, member: bigint, subject: bigint): OwnRow {
  return { partition: partitionOf(kind, member, subject), subject };
}

/** Months since the year 2000, UTC: the bucket of a liked post. */
export function monthOf(post: bigint): number {
  if (post < month.first || post >= month.end) month = monthAround(post);
  return month.bucket;
}

interface Month {
  readonly bucket: number;
  /** The ids of its posts: from the first, up to the end. */
  readonly first: bigint;
  readonly end: bigint;
}

/** The month that was asked for last; the next question is nearly always about the same one. */
let month: Month = { bucket: 0, first: 0n, end: 0n };

function monthAround(post: bigint): Month {
  const date = new Date(timeOf(post));
  const [y, m] = [date.getUTCFullYear(), date.getUTCMonth()];
  return { bucket: (y - 2000) * 12 + m, first: idAt(Date.UTC(y, m)), end: idAt(Date.UTC(y, m + 1)) };
}
