import type { MemberChange, ShardState } from '#storage';
import { answered } from './answered.ts';
import type { Operation } from './operation.ts';

/** What a group of operations means for the shard that they have come to. */
export interface CommitPlan {
  readonly total: number;
  /** The members that end up otherwise than they were. */
  readonly changes: readonly MemberChange[];
  /** Operations that this shard decides, in order. */
  readonly decided: readonly { readonly operation: Operation; readonly changed: boolean }[];
  /** Memberships of the members concerned as the commit leaves them. */
  readonly since: ReadonlyMap<bigint, bigint | undefined>;
  /** Operations whose member belongs into another generation. */
  readonly elsewhere: readonly { readonly operation: Operation; readonly generation: number }[];
}

/**
 * Works out the transitions of a group, one operation after the other; repeats fall out. Pure.
 *
 * A member's operation belongs to the oldest generation whose shard has the member or is open. This is the rule that
 * keeps a member from being counted twice without clocks: it may enter a generation only after its shard in every
 * older one was read as sealed and without it, and a sealed shard never takes it back (counters.md).
 *
 * @param members those of the group, each once.
 * @param states the group's shard and its ancestors, oldest first, with an answer for each of `members`.
 */
export function planCommit(
  group: readonly Operation[],
  members: readonly bigint[],
  states: readonly ShardState[],
): CommitPlan {
  const generation = states.length - 1;
  const own = answered(states[generation]);
  const before = new Map(members.map((member, i) => [member, own.since[i]]));
  const owners = new Map(members.map((member, i) => [member, owner(states, i)]));
  const after = new Map(before);
  const decided: { operation: Operation; changed: boolean }[] = [];
  const elsewhere: { operation: Operation; generation: number }[] = [];
  let total = own.total;
  for (const operation of group) {
    const { member, since } = operation;
    const owning = owners.get(member) ?? generation;
    const present = after.get(member) !== undefined;
    // Here a member can leave within this very group and want to come back, into a shard that is closed.
    const belongs = owning === generation && own.sealed && !present ? generation + 1 : owning;
    if (belongs !== generation) {
      elsewhere.push({ operation, generation: belongs });
      continue;
    }
    const changed = present !== (since !== undefined);
    if (changed) {
      after.set(member, since);
      total += present ? -1 : 1;
    }
    decided.push({ operation, changed });
  }
  return { total, changes: changesBetween(before, after), decided, since: after, elsewhere };
}

function owner(states: readonly ShardState[], member: number): number {
  const generation = states.findIndex((state) => state.since[member] !== undefined || !state.sealed);
  return generation < 0 ? states.length : generation;
}

function changesBetween(before: Map<bigint, bigint | undefined>, after: Map<bigint, bigint | undefined>) {
  const changes: MemberChange[] = [];
  for (const [member, since] of after) if (since !== before.get(member)) changes.push({ member, since });
  return changes;
}
