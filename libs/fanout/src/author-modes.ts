import type { UserId } from '#ids';
import type { Clock } from '#kernel';
import type { AuthorModeRecord, AuthorModeStore, Delivery } from '#storage';
import { deliveryIn, type ModeThresholds, nextMode } from './author-mode-policy.ts';
import type { AuthorRoster } from './author-roster.ts';

/** How many followers an author has; may be a second old. */
export type FollowerCount = (author: UserId) => Promise<number>;

/** How a post is to travel, and whether that still holds. */
export interface DeliveryDecision {
  readonly delivery: Delivery;
  /**
   * False when so much time has passed since the decision that the author's mode may have moved on two steps: then a
   * pull-only post must be pushed as well, which costs nothing but work.
   */
  stillHolds(): boolean;
}

/** Moves authors between push and pull, one conditional write a step, and decides how each post travels. */
export class AuthorModes {
  constructor(
    private readonly store: AuthorModeStore,
    private readonly roster: AuthorRoster,
    private readonly followersOf: FollowerCount,
    private readonly clock: Clock,
    private readonly thresholds: ModeThresholds,
  ) {}

  /** Decides for a post that is about to be made, after taking the steps that are due. */
  async decide(author: UserId): Promise<DeliveryDecision> {
    const decidedAtMs = this.clock.elapsed();
    const delivery = deliveryIn(await this.advance(author));
    // A demotion needs `settleMs` between the end of pull and the moment from which no pull-only post may appear.
    const stillHolds = () => delivery === 'push' || this.clock.elapsed() - decidedAtMs < this.thresholds.settleMs / 2;
    return { delivery, stillHolds: this.thresholds.settleMs === 0 ? () => true : stillHolds };
  }

  /** Takes all steps that are due for an author; resolves to the record afterwards. */
  async advance(author: UserId): Promise<AuthorModeRecord | undefined> {
    let record = this.roster.isValid() ? this.roster.records.get(author) : await this.store.find(author);
    const followers = await this.followersOf(author);
    for (;;) {
      const step = nextMode(author, record, followers, this.clock.now(), this.thresholds);
      if (!step) return record;
      if (await this.store.replace(author, record?.version ?? 0, step.next)) {
        this.roster.apply(author, step.next);
        record = step.next;
      } else {
        // Somebody else was faster: go on from what they wrote.
        record = await this.store.find(author);
        this.roster.apply(author, record);
      }
    }
  }

  /** Takes the steps that are due for all authors on the roster, active or not. */
  async advanceAll(): Promise<void> {
    for (const author of this.roster.records.keys()) await this.advance(author);
  }
}
