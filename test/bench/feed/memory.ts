import type { UserId } from '#ids';
import { goalOf, type Section } from '../report/report.ts';
import type { FeedServer } from './feed-server.ts';
import type { Sizes } from './sizes.ts';
import { inboxKey } from './warm-inboxes.ts';

const HEADER_BYTES = 48;
const ENTRY_BYTES = 16;

/** What Redis says that inboxes take, keys and their places in Redis' table included. */
export async function memory(server: FeedServer, viewers: readonly UserId[], { weighed }: Sizes): Promise<Section> {
  let bytes = 0;
  let entries = 0;
  for (const viewer of viewers.slice(0, weighed)) {
    const key = inboxKey(viewer);
    bytes += (await server.redis.memory('USAGE', key, 'SAMPLES', 0)) ?? 0;
    entries += ((await server.redis.strlen(key)) - HEADER_BYTES) / ENTRY_BYTES;
  }
  const perEntry = bytes / entries;
  return {
    title: 'Memory of inboxes at their cap',
    about: `MEMORY USAGE of ${Math.min(weighed, viewers.length)} inboxes that have been delivered to and trimmed.`,
    columns: ['entries in an inbox', 'bytes an inbox', 'bytes an entry'],
    rows: [[(entries / weighed).toFixed(0), (bytes / weighed).toFixed(0), perEntry.toFixed(2)]],
    goals: [goalOf('bytes of Redis for each inbox entry', perEntry, '<=', 17)],
  };
}
