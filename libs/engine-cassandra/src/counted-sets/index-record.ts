import type { IndexRow, IndexState } from '#storage';

/** A row of the index as Cassandra keeps it. What was never written is null: a mark, or a state. */
export type IndexRecord = { readonly subject: bigint; readonly marks: readonly bigint[] | null } & (
  SettledColumns | Unsettled
);

interface SettledColumns {
  readonly joined: boolean;
  readonly since: bigint;
  readonly generation: number;
  readonly shard: number;
  readonly total: number;
  readonly version: bigint;
}

interface Unsettled {
  readonly joined: null;
}

export function rowOf(record: IndexRecord): IndexRow {
  return { subject: record.subject, state: stateOf(record), pending: record.marks ?? [] };
}

function stateOf(record: IndexRecord): IndexState | undefined {
  if (record.joined === null) return undefined;
  const { joined, since, generation, shard, total, version } = record;
  return { joined, since, at: { generation, shard, total, version: Number(version) } };
}

/** A row that is neither joined nor in doubt is as good as none. */
export function isWorthListing({ joined, marks }: IndexRecord): boolean {
  return joined === true || isMarked(marks);
}

export function isPlainlyJoined(record: IndexRecord): record is IndexRecord & SettledColumns {
  return record.joined === true && !isMarked(record.marks);
}

function isMarked(marks: IndexRecord['marks']): boolean {
  return marks !== null && marks.length > 0;
}
