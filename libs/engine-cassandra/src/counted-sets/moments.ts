import type { ShardCount } from '#storage';

const VERSION_BITS = 52n;

/** The write time of a state: generations, then versions, order the moments of one membership. */
export function momentOf({ generation, version }: ShardCount): bigint {
  return (BigInt(generation) << VERSION_BITS) | BigInt(version);
}
