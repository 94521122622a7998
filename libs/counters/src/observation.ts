import type { CountedSetStore, CountedSubject, Shard, ShardCount, ShardState } from '#storage';
import { answered } from './answered.ts';
import { placeOf } from './placement.ts';

/** What a look at a set said of one member. */
export interface Observation {
  /** Since when the member is one; undefined when it is none. */
  readonly since: bigint | undefined;
  /** The shard that decides about the member, as it was at that moment. */
  readonly at: ShardCount;
}

/**
 * Looks members up in the set itself, which is the truth, in one batch over all generations. The oldest shard that has
 * the member or is open decides, as for commits. Undefined for members about whom only a newer generation decides.
 */
export async function observe(
  store: CountedSetStore,
  subject: CountedSubject,
  layout: readonly number[],
  members: readonly bigint[],
): Promise<(Observation | undefined)[]> {
  const questions = new Questions(subject);
  const asked = members.map((member) =>
    layout.map((shards, generation) => questions.ask(generation, placeOf(member, shards), member)),
  );
  const states = await store.read(questions.reads);
  return asked.map((generations) => decide(generations, questions, states));
}

/** Where a member's answer will be: which read, and which of its members. */
interface Asked {
  readonly read: number;
  readonly member: number;
}

class Questions {
  readonly reads: { readonly shard: Shard; readonly members: bigint[] }[] = [];
  readonly #places = new Map<number, number>();

  constructor(private readonly subject: CountedSubject) {}

  ask(generation: number, shard: number, member: bigint): Asked {
    const key = generation * 0x10000 + shard;
    let read = this.#places.get(key);
    if (read === undefined) {
      read = this.reads.push({ shard: { ...this.subject, generation, shard }, members: [] }) - 1;
      this.#places.set(key, read);
    }
    return { read, member: (this.reads[read]?.members.push(member) ?? 0) - 1 };
  }
}

function decide(asked: readonly Asked[], questions: Questions, states: readonly ShardState[]): Observation | undefined {
  for (const { read, member } of asked) {
    const state = answered(states[read]);
    const since = state.since[member];
    if (since === undefined && state.sealed) continue;
    const { generation, shard } = answered(questions.reads[read]).shard;
    return { since, at: { generation, shard, total: state.total, version: state.version } };
  }
  return undefined;
}
