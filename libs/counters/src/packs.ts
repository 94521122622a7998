import { ID_BYTES } from '#ids';
import type { CountedSetStore, Shard } from '#storage';

/** Smaller shards are read row by row: a copy would not pay. */
const PACK_MEMBERS_MIN = 500;
/** Rows in one read; a shard of any size is read in steps of this. */
const ROWS_PER_READ = 10_000;

/**
 * All members of a shard, eight big-endian bytes each, ascending; never older than the call. A pack of the shard's
 * current version is one read; else the rows are read and the pack is written anew. The version is read before the
 * rows: where the shard changes meanwhile, the new pack carries a version that is past, and nobody uses it.
 */
export async function readPack(store: CountedSetStore, shard: Shard): Promise<Buffer> {
  const [[head], pack] = await Promise.all([store.heads([shard]), store.findPack(shard)]);
  if (head === undefined || head.total === 0) return Buffer.alloc(0);
  if (pack?.version === head.version) return pack.ids;
  const ids = await readRows(store, shard);
  if (head.total >= PACK_MEMBERS_MIN) await store.putPack(shard, { version: head.version, ids });
  return ids;
}

/** Whether a member is in a pack: by bisection, over halves of ids, which are numbers and cost no allocation. */
export function packHas(ids: Buffer, member: bigint): boolean {
  const [high, low] = [Number(member >> 32n), Number(BigInt.asUintN(32, member))];
  let [from, to] = [0, ids.length / ID_BYTES];
  while (from < to) {
    const middle = (from + to) >>> 1;
    const at = ID_BYTES * middle;
    const order = ids.readUInt32BE(at) - high || ids.readUInt32BE(at + 4) - low;
    if (order === 0) return true;
    if (order < 0) from = middle + 1;
    else to = middle;
  }
  return false;
}

async function readRows(store: CountedSetStore, shard: Shard): Promise<Buffer> {
  const slices: Buffer[] = [];
  for (let after = 0n; ;) {
    const slice = await store.list(shard, after, ROWS_PER_READ);
    slices.push(slice);
    if (slice.length < ID_BYTES * ROWS_PER_READ) return slices.length === 1 ? slice : Buffer.concat(slices);
    after = slice.readBigUInt64BE(slice.length - ID_BYTES);
  }
}
