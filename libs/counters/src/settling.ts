import { isAppError } from '#kernel';
import type { IndexSettlement, IndexState, MemberIndexStore } from '#storage';
import type { Outcome } from './operation.ts';

/** What a change, or the set itself, says of a membership, as the index keeps it. */
export function stateOf({ since, at }: Pick<Outcome, 'since' | 'at'>): IndexState {
  return { joined: since !== undefined, since: since ?? 0n, at };
}

/** Settles rows. Where the store is away the marks stay and readers look at the set: slower, and as right. */
export async function settleIfPossible(
  store: MemberIndexStore,
  settlements: readonly IndexSettlement[],
): Promise<void> {
  try {
    await store.settle(settlements);
  } catch (error) {
    if (!isAppError(error, 'unavailable')) throw error;
  }
}
