import type { ShardHead } from '#storage';

/** The columns of a head, in the row of member 0. */
export const HEAD = 'total, version, sealed, commit_id';

/** No id is 0, so the head stands in front of all members, and one read of some rows brings it along. */
export const HEAD_MEMBER = 0n;

export interface HeadRow {
  readonly total: number;
  readonly version: bigint;
  readonly sealed: boolean;
  readonly commit_id: bigint;
}

const EMPTY: ShardHead = Object.freeze({ total: 0, version: 0, sealed: false, commitId: 0n });

export function headOf(row: HeadRow | undefined): ShardHead {
  if (row === undefined) return EMPTY;
  return { total: row.total, version: Number(row.version), sealed: row.sealed, commitId: row.commit_id };
}
