import type { Chance, Clock } from '#kernel';
import type { CountedSetStore } from '#storage';
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
  /** Never the same twice, also not in two processes. */
  newCommitId(): bigint;
}

/** Commit ids: 32 bits drawn once for the process, then a number that counts up. */
export function commitIds(chance: Chance): () => bigint {
  const prefix = BigInt(Math.floor(chance() * 2 ** 31)) << 32n;
  let last = 0n;
  return () => prefix | BigInt.asUintN(32, ++last);
}
