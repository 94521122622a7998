/** Keys are ids as eight big-endian bytes one after another, so that byte order is id order. */
export function idKey(...ids: bigint[]): Buffer {
  const key = Buffer.allocUnsafe(8 * ids.length);
  for (let i = 0; i < ids.length; i++) key.writeBigUInt64BE(ids[i] ?? 0n, 8 * i);
  return key;
}

/** The id at a position of a key, counted in ids from 0. */
export function idIn(key: Buffer, position: number): bigint {
  return key.readBigUInt64BE(8 * position);
}

/** A value for rows whose key says it all: LMDB has no empty values. */
export const PRESENT = Buffer.from([1]);
