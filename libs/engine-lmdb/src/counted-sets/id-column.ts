const ROWS_AT_FIRST = 128;

/** A growing column of 64-bit numbers, taken out of rows as their eight big-endian bytes. */
export class IdColumn {
  #bytes = Buffer.alloc(8 * ROWS_AT_FIRST);
  #length = 0;

  push(row: Buffer, at: number): void {
    if (this.#length === this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], 2 * this.#length);
    row.copy(this.#bytes, this.#length, at, at + 8);
    this.#length += 8;
  }

  /** In the byte order of the machines that run this, which is little-endian. */
  toArray(): BigUint64Array {
    const own = new Uint8Array(this.#length);
    own.set(this.#bytes.subarray(0, this.#length));
    Buffer.from(own.buffer).swap64();
    return new BigUint64Array(own.buffer);
  }
}
