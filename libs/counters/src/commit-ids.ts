import { idAt, timeOf } from '#ids';
import type { Chance, Clock } from '#kernel';

const COUNTER_BITS = 32;

/**
 * Ids of commits: when, to the second (31 bits), then a number that counts up from where chance let the process begin (32
 * bits). Never the same twice in a process; in two processes only if they count through the same few of four billion
 * numbers in the same second.
 */
export function commitIds(clock: Clock, chance: Chance): () => bigint {
  let last = BigInt(Math.floor(chance() * 2 ** COUNTER_BITS));
  return () => {
    last = BigInt.asUintN(COUNTER_BITS, last + 1n);
    return ((idAt(clock.now()) >> BigInt(COUNTER_BITS)) << BigInt(COUNTER_BITS)) | last;
  };
}

/** When a shard was committed to for the last time, by the wall clock of who did it; long ago where it never was. */
export function committedAtMs({ commitId }: { readonly commitId: bigint }): number {
  return timeOf(commitId);
}
