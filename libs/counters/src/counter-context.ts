import type { Chance, Clock } from '#kernel';
import type { CountedSetStore, CountedSubject } from '#storage';
import type { Background } from './background.ts';
import type { CounterEvents } from './counter-events.ts';
import type { CounterLimits } from './counter-limits.ts';
import type { Deadlines } from './deadlines.ts';
import type { SealedPacks } from './sealed-packs.ts';

/** What all parts of counted sets work with. */
export interface CounterContext {
  readonly store: CountedSetStore;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly limits: CounterLimits;
  readonly events: CounterEvents;
  readonly background: Background;
  readonly deadlines: Deadlines;
  readonly sealedPacks: SealedPacks;
  /** See `commitIds`. */
  newCommitId(): bigint;
  /** See `CountedSetsOptions`. */
  onWake(subject: CountedSubject): Promise<unknown>;
}
