import { ID_BYTES } from '#ids';
import type { CountedSetStore, Shard, ShardHead } from '#storage';
import { answered } from '../answered.ts';

export interface ShardRecount {
  readonly shard: Shard;
  /** As it was before and after the members were counted. */
  readonly head: ShardHead;
  readonly members: number;
}

const ROWS_PER_READ = 10_000;
/** A shard that changes under every one of so many counts is too busy to be checked now. */
const TRIES = 5;

/** Counts a shard's members while nothing changes in it; undefined when it changes all the time. */
export async function recountShard(store: CountedSetStore, shard: Shard): Promise<ShardRecount | undefined> {
  return (await glance(store, shard)) ?? (await recount(store, shard));
}

/** Plain reads, which may be behind: enough where they find nothing wrong, at a fraction of the cost. */
async function glance(store: CountedSetStore, shard: Shard): Promise<ShardRecount | undefined> {
  const before = answered((await store.heads([shard]))[0]);
  const members = await countMembers(store, shard);
  const head = answered((await store.heads([shard]))[0]);
  return head.version === before.version && head.total === members ? { shard, head, members } : undefined;
}

async function recount(store: CountedSetStore, shard: Shard): Promise<ShardRecount | undefined> {
  let head = await readHead(store, shard);
  for (let tries = 0; tries < TRIES; tries++) {
    const members = await countMembers(store, shard);
    const after = await readHead(store, shard);
    if (after.version === head.version) return { shard, head, members };
    head = after;
  }
  return undefined;
}

async function readHead(store: CountedSetStore, shard: Shard): Promise<ShardHead> {
  const [state] = await store.read([{ shard, members: [] }]);
  return answered(state);
}

async function countMembers(store: CountedSetStore, shard: Shard): Promise<number> {
  for (let members = 0, after = 0n; ;) {
    const ids = await store.list(shard, after, ROWS_PER_READ);
    members += ids.length / ID_BYTES;
    if (ids.length < ROWS_PER_READ * ID_BYTES) return members;
    after = ids.readBigUInt64BE(ids.length - ID_BYTES);
  }
}
