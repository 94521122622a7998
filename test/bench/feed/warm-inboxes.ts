import type { RedisClient } from '#engine-redis';
import type { UserId } from '#ids';
import { encodeHeader, ENTRY_BYTES, HEADER_BYTES, inboxSize } from '#inbox';

const PER_PIPELINE = 100;
const ENTRIES_MAX = 800;

/**
 * Gives viewers inboxes that are as full as ones of long use: somewhere between what trimming leaves and what trimming
 * begins at, with entries older than anything that will be delivered. Written as the scripts write them, so that Redis
 * allocates what it does in use.
 */
export async function warmInboxes(redis: RedisClient, viewers: readonly UserId[]): Promise<void> {
  const { bytesMax, bytesKept } = inboxSize(ENTRIES_MAX);
  const steps = (bytesMax - bytesKept) / ENTRY_BYTES;
  const full = fullInbox(bytesMax);
  for (let at = 0; at < viewers.length; at += PER_PIPELINE) {
    const pipeline = redis.pipeline();
    for (const [i, viewer] of viewers.slice(at, at + PER_PIPELINE).entries()) {
      const key = inboxKey(viewer);
      pipeline.del(key);
      pipeline.setrange(key, 0, full.subarray(0, bytesKept + ((at + i) % steps) * ENTRY_BYTES));
      pipeline.pexpire(key, 14 * 86_400_000);
    }
    await pipeline.exec();
  }
}

export function inboxKey(viewer: UserId): Buffer {
  const key = Buffer.from('in:........');
  key.writeBigUInt64BE(viewer, 3);
  return key;
}

function fullInbox(bytes: number): Buffer {
  const inbox = Buffer.alloc(bytes);
  encodeHeader({ floor: 1n, relations: 1n, epoch: 1n, covered: 1n, coveredAtMs: Date.now() }).copy(inbox);
  inbox.writeBigUInt64BE(1n, 32);
  for (let at = HEADER_BYTES, id = 2n; at < bytes; at += ENTRY_BYTES, id++) {
    inbox.writeBigUInt64BE(id, at);
    inbox.writeBigUInt64BE(7n, at + 8);
  }
  return inbox;
}
