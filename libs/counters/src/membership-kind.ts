import { timeOf } from '#ids';
import type { CountedKind, CountedSubject, IndexKind, IndexPartition } from '#storage';

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

/** Months since the year 2000, UTC: the bucket of a liked post. */
export function monthOf(post: bigint): number {
  const date = new Date(timeOf(post));
  return (date.getUTCFullYear() - 2000) * 12 + date.getUTCMonth();
}
