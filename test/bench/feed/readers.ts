import type { UserId } from '#ids';
import { seededChance } from '#test';
import type { FeedServer } from './feed-server.ts';
import type { Sizes } from './sizes.ts';
import { untilIdle } from './until-idle.ts';

/** Viewers whose feeds are half pushed, half pulled. */
export interface Readers {
  readonly viewers: readonly UserId[];
  /** Read as pull sources by everybody. */
  readonly celebrities: readonly UserId[];
}

/** Posts of each author: together more than an inbox holds. */
const POSTS_EACH = 16;

/** The server must be one that promotes authors with `celebrityFollowers` followers. */
export async function makeReaders(server: FeedServer, { readers, celebrityFollowers, deep }: Sizes): Promise<Readers> {
  const celebrities = await server.users('celebrity', deep.celebrities);
  const ordinary = await server.users('ordinary', readers.ordinary);
  const viewers = await server.users('viewer', readers.viewers);
  const fans = await server.users('fan', celebrityFollowers);
  await server.follows(celebrities.flatMap((one) => fans.map((fan) => [fan, one] as const)));
  const followed = [...celebrities.slice(0, readers.celebrities), ...ordinary];
  await server.follows(viewers.flatMap((viewer) => followed.map((author) => [viewer, author] as const)));
  await server.posts(rounds(followed, POSTS_EACH));
  await untilIdle(server);
  return { viewers, celebrities };
}

/** Every author so many times, each round in another order, so that celebrities and others lie mixed in feeds. */
export function rounds(authors: readonly UserId[], times: number): UserId[] {
  const chance = seededChance(1);
  const shuffled = () => authors.map((author) => ({ author, at: chance() })).sort((a, b) => a.at - b.at);
  return Array.from({ length: times }, shuffled).flatMap((round) => round.map(({ author }) => author));
}
