import { slotOf } from '../cache/node-tags.ts';

const SLOTS = 16_384;
const BUCKETS_MAX = 64;
const SLOTS_PER_BUCKET = SLOTS / BUCKETS_MAX;

export interface ViewBucketKeys {
  readonly bucket: string;
  readonly aside: string;
  readonly flush: string;
}

/**
 * Names of the buckets' keys. Each bucket has a hash tag in its own stretch of the slots; the first 2, 4, 8, ... buckets
 * lie as far apart as they can, so that however many there are, they spread over the nodes.
 */
export const viewBucketKeys: readonly ViewBucketKeys[] = Array.from({ length: BUCKETS_MAX }, (_, bucket) => {
  const first = reverseBits(bucket) * SLOTS_PER_BUCKET;
  let tag = 0;
  while (slotOf(String(tag)) < first || slotOf(String(tag)) >= first + SLOTS_PER_BUCKET) tag++;
  return { bucket: `views:{${tag}}:new`, aside: `views:{${tag}}:aside`, flush: `views:{${tag}}:flush` };
});

/** Of six bits. */
function reverseBits(bucket: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 6; bit++) reversed |= ((bucket >> bit) & 1) << (5 - bit);
  return reversed;
}
