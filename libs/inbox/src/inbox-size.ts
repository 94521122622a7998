import { ENTRY_BYTES } from './entry.ts';
import { HEADER_BYTES } from './inbox-header.ts';

export interface InboxSize {
  /** An inbox is trimmed when it is longer than this. */
  readonly bytesMax: number;
  /** What it is trimmed to. */
  readonly bytesKept: number;
}

/** What Redis adds to a string of up to 64 KiB: its length header and a final zero. */
const STRING_OVERHEAD_BYTES = 6;

/** Below this many entries the allocator's steps are too small to matter. */
const SMALL = 64;

/** An allocation may be this much larger than what it holds before the next smaller one is the better choice. */
const WASTE_MAX = 1.04;

/**
 * What one trim takes out, of all entries: as much as leaves 17 bytes an entry between two trims, with their average. A
 * trim costs as much as ten deliveries, since all that is kept passes through Lua. (The next smaller allocation ends an
 * eighth below at most: what is kept must not fall into it, for it would grow by doubling.)
 */
const TRIMMED = 1 / 12;

/**
 * How long inboxes may grow, so that their memory is used. jemalloc hands out sizes in steps of a quarter of a power of
 * two, and Redis doubles a string that outgrows its allocation: 800 entries of 16 bytes would sit in 14,336 bytes and
 * soon in 25,600. So inboxes stop at the largest allocation that `entriesMax` fills, and are trimmed a little below it,
 * now and then, into a fresh string whose allocation has just the room they grow into.
 */
export function inboxSize(entriesMax: number): InboxSize {
  const entries = entriesMax < SMALL ? entriesMax : fillingAnAllocation(entriesMax);
  const kept = entries - Math.max(1, Math.floor(entries * TRIMMED));
  return { bytesMax: HEADER_BYTES + entries * ENTRY_BYTES, bytesKept: HEADER_BYTES + kept * ENTRY_BYTES };
}

function fillingAnAllocation(entriesMax: number): number {
  const wanted = HEADER_BYTES + entriesMax * ENTRY_BYTES + STRING_OVERHEAD_BYTES;
  const step = 2 ** (Math.floor(Math.log2(wanted)) - 2);
  const above = Math.ceil(wanted / step) * step;
  if (above <= wanted * WASTE_MAX) return entriesMax;
  return Math.floor((above - step - STRING_OVERHEAD_BYTES - HEADER_BYTES) / ENTRY_BYTES);
}
