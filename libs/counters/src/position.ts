const POSITION_BYTES = 11;

/** A place in a list of members: behind `member` of that shard. */
export interface Position {
  readonly generation: number;
  readonly shard: number;
  readonly member: bigint;
}

/** Generation (1 byte), shard (2), member (8). */
export function encodePosition(position: Position): Buffer {
  const bytes = Buffer.allocUnsafe(POSITION_BYTES);
  bytes[0] = position.generation;
  bytes.writeUInt16BE(position.shard, 1);
  bytes.writeBigUInt64BE(position.member, 3);
  return bytes;
}

/** Undefined for bytes that are no position. */
export function decodePosition(bytes: Buffer): Position | undefined {
  if (bytes.length !== POSITION_BYTES) return undefined;
  return { generation: bytes[0] ?? 0, shard: bytes.readUInt16BE(1), member: bytes.readBigUInt64BE(3) };
}
