import { sleep } from 'k6';
import type { Trend } from 'k6/metrics';
import { type Page, type Post, readFeed } from './api.ts';
import type { Person } from './people.ts';

const POLL_S = 0.02;
const GIVE_UP_AFTER_MS = 10_000;

/** Reads a viewer's feed until it shows all the posts, and adds the time that took to `lag`; gives back what it read last. */
export function untilFeedShows(
  viewer: Person,
  ids: readonly string[],
  { limit, lag }: { limit: number; lag: Trend },
): Page<Post> | undefined {
  const startedAt = Date.now();
  for (;;) {
    const page = readFeed(viewer, limit);
    const elapsedMs = Date.now() - startedAt;
    if ((page && ids.every((id) => shows(page, id))) || elapsedMs > GIVE_UP_AFTER_MS) {
      lag.add(elapsedMs);
      return page;
    }
    sleep(POLL_S);
  }
}

export const shows = ({ items }: Page<Post>, id: string): boolean => items.some((post) => post.id === id);
