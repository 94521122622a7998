import { ID_BYTES } from '#ids';
import type { CountedSetStore, CountedSubject, Shard, ShardHead } from '#storage';
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

/** A set's layout as far as known, and a way to know better. */
export interface Layouts {
  known(): readonly number[];
  reload(): Promise<readonly number[]>;
}

/** Shards read one by one before it is asked which of the next ones are empty. */
const SHARDS_TRIED = 2;
const HEADS_AHEAD = 64;

/**
 * A page of members in the order of generations, shards, ids. The order of a shard never changes and generations are
 * only added, so a scroll meets every member that stays once; one who leaves and joins again may be met a second time.
 */
export async function pageOfMembers(
  store: CountedSetStore,
  subject: CountedSubject,
  layouts: Layouts,
  { after, limit }: PageOptions,
): Promise<MemberPage> {
  const members: bigint[] = [];
  for await (const shard of shardsFrom(store, subject, layouts, after)) {
    const isFirst = shard.generation === after?.generation && shard.shard === after.shard;
    const ids = await store.list(shard, isFirst ? after.member : 0n, limit - members.length);
    for (let at = 0; at < ids.length; at += ID_BYTES) members.push(ids.readBigUInt64BE(at));
    const last = members.at(-1);
    if (last !== undefined && members.length >= limit)
      return { members, next: { generation: shard.generation, shard: shard.shard, member: last } };
  }
  return { members, next: undefined };
}

/** The shards from a position on, generation by generation, until the newest. */
async function* shardsFrom(
  store: CountedSetStore,
  subject: CountedSubject,
  layouts: Layouts,
  after: Position | undefined,
): AsyncGenerator<Shard> {
  let layout = layouts.known();
  if (after !== undefined && after.generation >= layout.length) layout = await layouts.reload();
  for (let generation = after?.generation ?? 0; generation < layout.length; generation++) {
    const all = shardsOf(subject, generation, layout);
    yield* populated(store, generation === after?.generation ? all.slice(after.shard) : all);
    if (generation === layout.length - 1 && (await anySealed(store, all))) layout = await layouts.reload();
  }
}

/** Passes over shards that everybody has left. */
async function* populated(store: CountedSetStore, shards: readonly Shard[]): AsyncGenerator<Shard> {
  yield* shards.slice(0, SHARDS_TRIED);
  for (let at = SHARDS_TRIED; at < shards.length; at += HEADS_AHEAD) {
    const ahead = shards.slice(at, at + HEADS_AHEAD);
    const heads: ShardHead[] = await store.heads(ahead);
    yield* ahead.filter((_, i) => heads[i]?.total !== 0);
  }
}

/** A generation with a sealed shard has a successor, whoever may not have heard of it. */
async function anySealed(store: CountedSetStore, shards: readonly Shard[]): Promise<boolean> {
  const heads = await store.heads(shards);
  return heads.some(({ sealed }) => sealed);
}

function shardsOf({ kind, id }: CountedSubject, generation: number, layout: readonly number[]): Shard[] {
  return Array.from({ length: layout[generation] ?? 0 }, (_, shard) => ({ kind, id, generation, shard }));
}
