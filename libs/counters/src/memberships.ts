import { idAt } from '#ids';
import type { Chance, Clock } from '#kernel';
import type { IndexKind, IndexMark, IndexSettlement, MemberIndexStore } from '#storage';
import { answered } from './answered.ts';
import { type CounterEvents, noEvents } from './counter-events.ts';
import type { CountedSets, MembershipChange } from './counted-sets.ts';
import { rowOf, setOf } from './membership-kind.ts';
import type { Outcome } from './operation.ts';
import { settleIfPossible, Settler, stateOf } from './settling.ts';

export interface MembershipsOptions {
  readonly sets: CountedSets;
  readonly index: MemberIndexStore;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly events?: CounterEvents;
  /**
   * The store writes a member's row in one piece with the set, as an embedded one does (`ShardCommit.rows`): no change is
   * ever half done, so there are no marks.
   */
  readonly inOnePiece?: boolean;
  /**
   * Throws what caches know of whom these members follow out of them; waited for before a change is acknowledged. What it
   * rejects with is of no interest.
   */
  readonly onFollowing?: (members: readonly bigint[]) => Promise<unknown>;
  /**
   * Makes caches forget what these members like. Called when their index shows the change, be it as one that is under way;
   * waited for before it is acknowledged. Never rejects; no promise where nobody has to be waited for.
   */
  readonly onLiking?: (members: readonly bigint[]) => Promise<void> | void;
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
 * of it. Where both are one store they change in one piece. Elsewhere the row in the index is marked before the set changes
 * and settled some time after; whoever meets a mark looks at the set. A crash anywhere leaves nothing wrong, at most a mark.
 */
export class Memberships {
  readonly #sets: CountedSets;
  readonly #index: MemberIndexStore;
  readonly #settler: Settler;
  readonly #clock: Clock;
  readonly #chance: Chance;
  readonly #inOnePiece: boolean;
  readonly #onFollowing: NonNullable<MembershipsOptions['onFollowing']>;
  readonly #onLiking: NonNullable<MembershipsOptions['onLiking']>;

  constructor(options: MembershipsOptions) {
    const { sets, index, clock, chance, events = noEvents, inOnePiece = false } = options;
    const { onFollowing = () => Promise.resolve(), onLiking = () => undefined } = options;
    this.#sets = sets;
    this.#index = index;
    this.#settler = new Settler(index, events);
    this.#clock = clock;
    this.#chance = chance;
    this.#inOnePiece = inOnePiece;
    this.#onFollowing = onFollowing;
    this.#onLiking = onLiking;
  }

  /** Idempotent: an older membership stays as it is. Rejects as `CountedSets` does, and may be repeated as there. */
  join(kind: IndexKind, member: bigint, subject: bigint, since = this.#now()): Promise<MembershipChange> {
    return this.#change(kind, member, subject, since);
  }

  /** Idempotent. */
  leave(kind: IndexKind, member: bigint, subject: bigint): Promise<MembershipChange> {
    return this.#change(kind, member, subject, undefined);
  }

  /**
   * Many at once, for imports: a thousand or some a call. Says for each whether it changed anything. Rejects when one of
   * them was refused, after all have ended: repeat the call.
   */
  async joinMany(kind: IndexKind, memberships: readonly Membership[]): Promise<boolean[]> {
    const results = this.#inOnePiece
      ? await this.#applyAll(kind, memberships)
      : await this.#applyBetweenMarks(kind, memberships);
    if (this.#inOnePiece) await this.#announceLiking(kind, membersOf(memberships));
    await this.#announceFollowing(kind, membersOf(memberships));
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
    since: bigint | undefined,
  ): Promise<MembershipChange> {
    const changed = await this.#changeBoth(kind, member, subject, since);
    await this.#announceFollowing(kind, [member]);
    return changed;
  }

  async #changeBoth(
    kind: IndexKind,
    member: bigint,
    subject: bigint,
    since: bigint | undefined,
  ): Promise<MembershipChange> {
    const set = setOf(kind, subject);
    if (this.#inOnePiece) {
      const changed = await this.#sets.change(set, member, since, rowOf(kind, member, subject));
      await this.#announceLiking(kind, [member]);
      return changed;
    }
    const { mark, ...row } = this.#newMark(kind, member, subject);
    await this.#index.mark([{ ...row, mark }]);
    const announced = this.#announceLiking(kind, [member]); // the mark shows: no need to wait for the change
    const changed = await this.#sets.change(set, member, since);
    await announced;
    this.#settler.add({ ...row, marks: [mark], state: stateOf(changed) });
    return changed;
  }

  #applyAll(kind: IndexKind, memberships: readonly Membership[]): Promise<PromiseSettledResult<Outcome>[]> {
    return Promise.allSettled(
      memberships.map(({ member, subject, since }) => {
        const row = this.#inOnePiece ? rowOf(kind, member, subject) : undefined;
        return this.#sets.apply(setOf(kind, subject), member, since, row);
      }),
    );
  }

  async #applyBetweenMarks(
    kind: IndexKind,
    memberships: readonly Membership[],
  ): Promise<PromiseSettledResult<Outcome>[]> {
    const marks = memberships.map(({ member, subject }) => this.#newMark(kind, member, subject));
    await this.#index.mark(marks);
    const announced = this.#announceLiking(kind, membersOf(memberships));
    const results = await this.#applyAll(kind, memberships);
    await announced;
    const settlements: IndexSettlement[] = [];
    results.forEach((result, i) => {
      if (result.status === 'rejected') return;
      const { partition, subject, mark } = answered(marks[i]);
      settlements.push({ partition, subject, marks: [mark], state: stateOf(result.value) });
    });
    await settleIfPossible(this.#index, settlements);
    return results;
  }

  /** Also after a repeat: whoever made the change may have died before anybody heard of it. */
  async #announceFollowing(kind: IndexKind, members: readonly bigint[]): Promise<void> {
    if (kind === 'following') await this.#onFollowing(members).catch(() => undefined);
  }

  /** Also before a repeat, for the same reason. */
  #announceLiking(kind: IndexKind, members: readonly bigint[]): Promise<void> | void {
    return kind === 'likes' ? this.#onLiking(members) : undefined;
  }

  #newMark(kind: IndexKind, member: bigint, subject: bigint): IndexMark {
    const noise = BigInt(Math.floor(this.#chance() * 2 ** MARK_BITS));
    return { ...rowOf(kind, member, subject), mark: this.#now() | noise };
  }

  #now(): bigint {
    return idAt(this.#clock.now());
  }
}

function membersOf(memberships: readonly Membership[]): bigint[] {
  return [...new Set(memberships.map(({ member }) => member))];
}
