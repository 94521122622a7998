import { type AnyId, ID_BYTES, ID_MAX } from '#ids';
import { AppError } from '#kernel';

/** The position of lists that are ordered by id alone. */
export function positionOfId(id: bigint): Buffer {
  const bytes = Buffer.allocUnsafe(ID_BYTES);
  bytes.writeBigUInt64BE(id);
  return bytes;
}

/** @throws AppError `bad_cursor`. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller says which id it expects
export function idOfPosition<Id extends AnyId>(position: Buffer): Id {
  const id = position.length === ID_BYTES ? position.readBigUInt64BE() : 0n;
  if (id <= 0n || id > ID_MAX) throw new AppError('bad_cursor');
  return id as Id;
}
