import { ID_BYTES } from '#ids';
import type { CountedSetStore, CountedSubject } from '#storage';
import type { Count } from './count.ts';
import type { Position } from './position.ts';

export interface MemberPage {
  readonly members: bigint[];
  /** Where the next page starts; undefined when the list is at its end. */
  readonly next: Position | undefined;
}

export interface PageOptions {
  readonly after?: Position | undefined;
  readonly limit: number;
}

/**
 * A page of members in the order of generations, shards, ids. The order of a shard never changes and generations are
 * only added, so a scroll meets every member that stays once; one who leaves and joins again may be met a second time.
 *
 * @param count the set's shards, in that order; those that everybody has left are passed over.
 */
export async function pageOfMembers(
  store: CountedSetStore,
  subject: CountedSubject,
  count: Count,
  { after, limit }: PageOptions,
): Promise<MemberPage> {
  const members: bigint[] = [];
  for (const { generation, shard, total } of count) {
    const place = after === undefined ? 1 : generation - after.generation || shard - after.shard;
    if (place < 0 || total === 0) continue;
    const from = place === 0 && after ? after.member : 0n;
    const ids = await store.list({ ...subject, generation, shard }, from, limit - members.length);
    for (let at = 0; at < ids.length; at += ID_BYTES) members.push(ids.readBigUInt64BE(at));
    const last = members.at(-1);
    if (last !== undefined && members.length >= limit) return { members, next: { generation, shard, member: last } };
  }
  return { members, next: undefined };
}
