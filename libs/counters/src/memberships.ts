import { idAt } from '#ids';
import type { Chance, Clock } from '#kernel';
import type { CountedSubject, IndexKind, IndexMark, IndexSettlement, MemberIndexStore } from '#storage';
import { answered } from './answered.ts';
import { type CounterEvents, noEvents } from './counter-events.ts';
import type { CountedSets, MembershipChange } from './counted-sets.ts';
import { partitionOf, setOf } from './membership-kind.ts';
import { settleIfPossible, Settler, stateOf } from './settling.ts';

export interface MembershipsOptions {
  readonly sets: CountedSets;
  readonly index: MemberIndexStore;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly events?: CounterEvents;
  /**
   * The store does writes to index and sets in the order in which they are begun, as an embedded one does: nobody has to
   * wait for a mark before the set is changed, and both can be one commit.
   */
  readonly inOrder?: boolean;
}

export interface Membership {
  readonly member: bigint;
  readonly subject: bigint;
  /** When it begins: an id-like time. */
  readonly since: bigint;
}

/** Random bits below the time in a mark: as many as there are in an id. */
const MARK_BITS = 22;

/**
 * Likes and follows, changed in both places: the subject's counted set, which is the truth, and the member's own index
 * of it. The row in the index is marked before the set changes and settled some time after; whoever meets a mark looks at
 * the set. A crash anywhere leaves nothing wrong, at most a mark.
 */
export class Memberships {
  readonly #sets: CountedSets;
  readonly #index: MemberIndexStore;
  readonly #settler: Settler;
  readonly #clock: Clock;
  readonly #chance: Chance;
  readonly #inOrder: boolean;

  constructor({ sets, index, clock, chance, events = noEvents, inOrder = false }: MembershipsOptions) {
    this.#sets = sets;
    this.#index = index;
    this.#settler = new Settler(index, events);
    this.#clock = clock;
    this.#chance = chance;
    this.#inOrder = inOrder;
  }

  /** Idempotent: an older membership stays as it is. Rejects as `CountedSets` does, and may be repeated as there. */
  join(kind: IndexKind, member: bigint, subject: bigint, since = this.#now()): Promise<MembershipChange> {
    return this.#change(kind, member, subject, (set) => this.#sets.add(set.kind, set.id, member, since));
  }

  /** Idempotent. */
  leave(kind: IndexKind, member: bigint, subject: bigint): Promise<MembershipChange> {
    return this.#change(kind, member, subject, (set) => this.#sets.remove(set.kind, set.id, member));
  }

  /**
   * Many at once, for imports: a thousand or some a call. Says for each whether it changed anything. Rejects when one of
   * them was refused, after all have ended: repeat the call.
   */
  async joinMany(kind: IndexKind, memberships: readonly Membership[]): Promise<boolean[]> {
    const marks = memberships.map(({ member, subject }) => this.#newMark(kind, member, subject));
    await this.#index.mark(marks);
    const results = await Promise.allSettled(
      memberships.map(({ member, subject, since }) => this.#sets.apply(setOf(kind, subject), member, since)),
    );
    const settlements: IndexSettlement[] = [];
    results.forEach((result, i) => {
      if (result.status === 'rejected') return;
      const { partition, subject, mark } = answered(marks[i]);
      settlements.push({ partition, subject, marks: [mark], state: stateOf(result.value) });
    });
    await settleIfPossible(this.#index, settlements);
    return results.map((result) => {
      if (result.status === 'rejected') throw result.reason;
      return result.value.changed;
    });
  }

  /** To be called when no change is under way any more, and before the store is closed. */
  close(): Promise<void> {
    return this.#settler.done();
  }

  async #change(
    kind: IndexKind,
    member: bigint,
    subject: bigint,
    change: (set: CountedSubject) => Promise<MembershipChange>,
  ): Promise<MembershipChange> {
    const { partition, mark } = this.#newMark(kind, member, subject);
    const marking = this.#index.mark([{ partition, subject, mark }]);
    if (this.#inOrder)
      marking.catch(() => undefined); // is waited for below
    else await marking;
    const changed = await change(setOf(kind, subject));
    // Also puts in what a mark left out that failed while the set's write did not.
    this.#settler.add({ partition, subject, marks: [mark], state: stateOf(changed) });
    await marking;
    return changed;
  }

  #newMark(kind: IndexKind, member: bigint, subject: bigint): IndexMark {
    const noise = BigInt(Math.floor(this.#chance() * 2 ** MARK_BITS));
    return { partition: partitionOf(kind, member, subject), subject, mark: this.#now() | noise };
  }

  #now(): bigint {
    return idAt(this.#clock.now());
  }
}
