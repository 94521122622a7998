import type { MemberChange, ShardState } from '#storage';
import { answered } from './answered.ts';
import type { Operation } from './operation.ts';

/** A member of a group: where it belongs, what it was, and what the group makes of it. */
interface Seat {
  readonly member: bigint;
  /** The generation that decides about it. */
  readonly owner: number;
  readonly before: bigint | undefined;
  /** Since when it is a member; undefined when it is none. */
  since: bigint | undefined;
}

export interface Decision {
  readonly operation: Operation;
  readonly changed: boolean;
  /** The operation's member as the whole group leaves it. */
  readonly seat: Readonly<Seat>;
}

/** What a group of operations means for the shard that they have come to. */
export interface CommitPlan {
  readonly total: number;
  /** The members that end up otherwise than they were. */
  readonly changes: readonly MemberChange[];
  /** Operations that this shard decides, in order. */
  readonly decided: readonly Decision[];
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
 * @param states the group's shard and its ancestors, oldest first, with what they have of `members`, in order.
 */
export function planCommit(
  group: readonly Operation[],
  members: readonly bigint[],
  states: readonly ShardState[],
): CommitPlan {
  const generation = states.length - 1;
  const own = answered(states[generation]);
  const seats = new Map(members.map((member, i) => [member, seatOf(member, i, states, own)]));
  const decided: Decision[] = [];
  const elsewhere: { operation: Operation; generation: number }[] = [];
  let total = own.total;
  for (const operation of group) {
    const seat = answered(seats.get(operation.member));
    const present = seat.since !== undefined;
    // Here a member can leave within this very group and want to come back, into a shard that is closed.
    const belongs = seat.owner === generation && own.sealed && !present ? generation + 1 : seat.owner;
    if (belongs !== generation) {
      elsewhere.push({ operation, generation: belongs });
      continue;
    }
    const changed = present !== (operation.since !== undefined);
    if (changed) {
      seat.since = operation.since;
      total += present ? -1 : 1;
    }
    decided.push({ operation, changed, seat });
  }
  const changes: MemberChange[] = [];
  for (const { member, since, before } of seats.values()) if (since !== before) changes.push({ member, since });
  return { total, changes, decided, elsewhere };
}

function seatOf(member: bigint, position: number, states: readonly ShardState[], own: ShardState): Seat {
  const before = own.since[position];
  const generation = states.findIndex((state) => state.since[position] !== undefined || !state.sealed);
  return { member, owner: generation < 0 ? states.length : generation, before, since: before };
}
