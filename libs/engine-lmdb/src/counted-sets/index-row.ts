import type { IndexKind, IndexPartition, IndexRow, IndexState } from '#storage';

/** Stored as one byte: the order is part of the format. */
const KINDS: readonly IndexKind[] = ['likes', 'following'];

/** Where a key has its subject. */
export const SUBJECT_AT = 11;
const KEY_BYTES = SUBJECT_AT + 8;

const SETTLED = 1;
const JOINED = 2;
/** Where a value has its time. */
export const SINCE_AT = 1;
const GENERATION_AT = 9;
const SHARD_AT = 10;
const TOTAL_AT = 12;
const VERSION_AT = 18;
const MARKS_AT = 24;

const NO_STATE: IndexState = { joined: false, since: 0n, at: { generation: 0, shard: 0, total: 0, version: 0 } };

/** Kind (1 byte), member (8), bucket (2), subject (8): a partition's rows lie side by side, ascending by subject. */
export function rowKey(partition: IndexPartition, subject: bigint): Buffer {
  const key = Buffer.allocUnsafe(KEY_BYTES);
  key[0] = KINDS.indexOf(partition.kind);
  key.writeBigUInt64BE(partition.member, 1);
  key.writeUInt16BE(partition.bucket, 9);
  key.writeBigUInt64BE(subject, SUBJECT_AT);
  return key;
}

export function subjectIn(key: Buffer): bigint {
  return key.readBigUInt64BE(SUBJECT_AT);
}

/** Flags (1 byte), since (8), generation (1), shard (2), total (6), version (6), then eight bytes for each mark. */
export function encodeRow(row: Omit<IndexRow, 'subject'>): Buffer {
  const { joined, since, at } = row.state ?? NO_STATE;
  const value = Buffer.allocUnsafe(MARKS_AT + 8 * row.pending.length);
  value[0] = (row.state ? SETTLED : 0) | (joined ? JOINED : 0);
  value.writeBigUInt64BE(since, SINCE_AT);
  value[GENERATION_AT] = at.generation;
  value.writeUInt16BE(at.shard, SHARD_AT);
  value.writeUIntBE(at.total, TOTAL_AT, 6);
  value.writeUIntBE(at.version, VERSION_AT, 6);
  row.pending.forEach((mark, i) => value.writeBigUInt64BE(mark, MARKS_AT + 8 * i));
  return value;
}

export function decodeRow(subject: bigint, value: Buffer): IndexRow {
  const pending: bigint[] = [];
  for (let at = MARKS_AT; at < value.length; at += 8) pending.push(value.readBigUInt64BE(at));
  return { subject, state: decodeState(value), pending };
}

function decodeState(value: Buffer): IndexState | undefined {
  const flags = value[0] ?? 0;
  if (!(flags & SETTLED)) return undefined;
  return {
    joined: (flags & JOINED) !== 0,
    since: value.readBigUInt64BE(SINCE_AT),
    at: {
      generation: value[GENERATION_AT] ?? 0,
      shard: value.readUInt16BE(SHARD_AT),
      total: value.readUIntBE(TOTAL_AT, 6),
      version: value.readUIntBE(VERSION_AT, 6),
    },
  };
}

/** Joined and not in doubt: what a whole-partition read takes without decoding the rest. */
export function isPlainlyJoined(value: Buffer): boolean {
  return value[0] === (SETTLED | JOINED) && value.length === MARKS_AT;
}
