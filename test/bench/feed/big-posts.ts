import { setTimeout as delay } from 'node:timers/promises';
import type { UserId } from '#ids';
import { type FeedServer, TEXT } from './feed-server.ts';
import type { Sizes } from './sizes.ts';
import { warmInboxes } from './warm-inboxes.ts';

/** Posts that wait or run at any moment, so that the fan-out never pauses. */
const PENDING_MIN = 6;
const PENDING_MAX = 12;

/** Some milliseconds: six posts are the work of ten times as long, and asking should be no load of its own. */
const ASK_EVERY_MS = 5;

/** Authors just below the line from which they would be pulled. */
export async function makeBigAuthors(server: FeedServer, { big }: Sizes): Promise<UserId[]> {
  const authors = await server.users('big', big.authors);
  const followers = await server.users('many', big.followers);
  await server.follows(authors.flatMap((author) => followers.map((follower) => [follower, author] as const)));
  await warmInboxes(server.redis, followers);
  return authors;
}

/** Keeps the fan-out of big posts busy while `work` runs. */
export async function underBigPosts<T>(
  server: FeedServer,
  authors: readonly UserId[],
  work: () => Promise<T>,
): Promise<T> {
  const tokens = await Promise.all(authors.map((author) => server.tokenOf(author)));
  const going = { on: true };
  const load = keepBusy(server, tokens, going);
  try {
    while ((await server.pending()) === 0) await delay(ASK_EVERY_MS);
    return await work();
  } finally {
    going.on = false;
    await load;
  }
}

async function keepBusy(server: FeedServer, tokens: readonly string[], going: { on: boolean }): Promise<void> {
  for (let turn = 0; going.on;) {
    await delay(ASK_EVERY_MS);
    if ((await server.pending()) >= PENDING_MIN) continue;
    const wave = Array.from({ length: PENDING_MAX - PENDING_MIN }, () => tokens[turn++ % tokens.length]);
    await Promise.all(wave.map((token) => server.call('POST', '/v1/posts', { text: TEXT }, token)));
  }
}
