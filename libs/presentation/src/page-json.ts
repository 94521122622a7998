/** A list in the contract's form, from items that are JSON already. */
export function pageJson(items: readonly string[], nextCursor: string | null, state?: string): Buffer {
  const cursor = nextCursor === null ? 'null' : `"${nextCursor}"`;
  const end = state === undefined ? '}' : `,"state":"${state}"}`;
  return bytesOf(`{"items":[${items.join(',')}],"nextCursor":${cursor}${end}`);
}

const SLAB_BYTES = 1 << 18;
/** What a UTF-16 unit takes in UTF-8 at most. */
const UNIT_BYTES_MAX = 3;

let slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
let used = 0;

/** Pages are cut from slabs: memory of its own for each costs more than its text, and they are all sent and gone soon. */
function bytesOf(text: string): Buffer {
  const most = text.length * UNIT_BYTES_MAX;
  if (most > SLAB_BYTES) return Buffer.from(text);
  if (used + most > SLAB_BYTES) {
    slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    used = 0;
  }
  const start = used;
  used += slab.write(text, start);
  return slab.subarray(start, used);
}
