import { crc32 } from 'node:zlib';
import { AppError } from '#kernel';

const VERSION = 1;
const SUM_BYTES = 4;
const POSITION_BYTES_MAX = 40;
const TEXT_MAX = Math.ceil(((1 + POSITION_BYTES_MAX + SUM_BYTES) * 4) / 3);

/**
 * Cursors of one kind of list. Text: base64url of version (1 byte), position, CRC-32 (4 bytes) over the list's kind, its
 * subject, version and position. The checksum binds a cursor to its list and refuses what was cut off or made up by
 * accident; it is no signature, for a position gives nothing away and a page is checked like any other.
 */
export class ListCursor {
  readonly #kindSum: number;

  /** @param kind of list, such as `followers`: other kinds refuse its cursors. */
  constructor(kind: string) {
    this.#kindSum = crc32(kind);
  }

  /** @param subject whose list it is (0 when all lists of the kind are one); @param position up to 40 bytes. */
  encode(subject: bigint, position: Uint8Array): string {
    if (position.length > POSITION_BYTES_MAX) throw new RangeError('the position is too long');
    const bytes = Buffer.allocUnsafe(1 + position.length + SUM_BYTES);
    bytes[0] = VERSION;
    bytes.set(position, 1);
    bytes.writeUInt32BE(this.#sum(subject, bytes), bytes.length - SUM_BYTES);
    return bytes.toString('base64url');
  }

  /** The position. @throws AppError `bad_cursor`. */
  decode(subject: bigint, text: string): Buffer {
    if (text.length <= TEXT_MAX) {
      const bytes = Buffer.from(text, 'base64url');
      if (this.#isWhole(subject, bytes) && bytes.toString('base64url') === text)
        return bytes.subarray(1, bytes.length - SUM_BYTES);
    }
    throw new AppError('bad_cursor');
  }

  #isWhole(subject: bigint, bytes: Buffer): boolean {
    if (bytes.length < 1 + SUM_BYTES || bytes[0] !== VERSION) return false;
    return bytes.readUInt32BE(bytes.length - SUM_BYTES) === this.#sum(subject, bytes);
  }

  #sum(subject: bigint, bytes: Buffer): number {
    return crc32(bytes.subarray(0, bytes.length - SUM_BYTES), crc32(String(subject), this.#kindSum));
  }
}
