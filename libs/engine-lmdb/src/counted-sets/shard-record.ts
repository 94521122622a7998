import type { Pack, ShardHead } from '#storage';

const TOTAL_AT = 0;
const VERSION_AT = 6;
const SEALED_AT = 12;
const COMMIT_ID_AT = 13;
const HEAD_BYTES = 21;

const EMPTY: ShardHead = Object.freeze({ total: 0, version: 0, sealed: false, commitId: 0n });

/** Total (6 bytes), version (6), sealed (1), commit id (8). */
export function encodeHead(head: ShardHead): Buffer {
  const value = Buffer.allocUnsafe(HEAD_BYTES);
  value.writeUIntBE(head.total, TOTAL_AT, 6);
  value.writeUIntBE(head.version, VERSION_AT, 6);
  value[SEALED_AT] = head.sealed ? 1 : 0;
  value.writeBigUInt64BE(head.commitId, COMMIT_ID_AT);
  return value;
}

export function decodeHead(value: Buffer | undefined): ShardHead {
  if (value === undefined) return EMPTY;
  return {
    total: value.readUIntBE(TOTAL_AT, 6),
    version: value.readUIntBE(VERSION_AT, 6),
    sealed: value[SEALED_AT] === 1,
    commitId: value.readBigUInt64BE(COMMIT_ID_AT),
  };
}

/** Version (6 bytes), then the ids. */
export function encodePack(pack: Pack): Buffer {
  const value = Buffer.allocUnsafe(6 + pack.ids.length);
  value.writeUIntBE(pack.version, 0, 6);
  pack.ids.copy(value, 6);
  return value;
}

export function decodePack(value: Buffer): Pack {
  return { version: value.readUIntBE(0, 6), ids: value.subarray(6) };
}
