import type { CountedSetStore, CountedSubject, Shard, ShardHead } from '#storage';
import { answered } from './answered.ts';
import { committedAtMs } from './commit-ids.ts';
import type { Count } from './count.ts';
import { shardsOf } from './placement.ts';

/** A count as it was read, and when any of its shards was changed last. */
export interface LoadedCount {
  readonly count: Count;
  readonly changedAtMs: number;
}

/** A set and its shards per generation, as far as known. */
interface Known {
  readonly subject: CountedSubject;
  readonly layout: readonly number[];
}

/**
 * The counts of many sets in one batch of heads. Only sets that turn out to have grown since their layout was known
 * (their newest generation is being sealed) cost a second look. Shards are read side by side, so a member that moves to
 * a new generation during the read (leaves and joins again) may be counted twice until the next.
 */
export async function loadCounts(
  store: CountedSetStore,
  subjects: readonly CountedSubject[],
  layoutOf: (subject: CountedSubject) => readonly number[],
  load: (subject: CountedSubject) => Promise<readonly number[]>,
): Promise<LoadedCount[]> {
  const counts: LoadedCount[] = [];
  let open = subjects.map((subject, index) => ({ index, subject, layout: layoutOf(subject) }));
  while (open.length > 0) {
    const heads = await readHeads(store, open);
    const grown: typeof open = [];
    open.forEach((known, i) => {
      const own = answered(heads[i]);
      counts[known.index] = countOf(own);
      if (own.some((head) => head.sealed && head.generation === known.layout.length - 1)) grown.push(known);
    });
    const reloaded = await Promise.all(grown.map(async (known) => ({ ...known, layout: await load(known.subject) })));
    open = reloaded.filter(({ layout }, i) => layout.length > (grown[i]?.layout.length ?? 0));
  }
  return counts;
}

async function readHeads(store: CountedSetStore, sets: readonly Known[]): Promise<(Shard & ShardHead)[][]> {
  const shards = sets.map(({ subject, layout }) => shardsOf(subject, layout));
  const heads = await store.heads(shards.flat());
  let at = 0;
  return shards.map((own) => own.map((shard) => ({ ...shard, ...answered(heads[at++]) })));
}

function countOf(heads: readonly (Shard & ShardHead)[]): LoadedCount {
  const count = heads.map(({ generation, shard, total, version }) => ({ generation, shard, total, version }));
  return { count, changedAtMs: Math.max(...heads.map(committedAtMs)) };
}
