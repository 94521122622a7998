// Ordinary authors post, many at once; how long a post takes to its followers is seen by reading their feeds.
import { check } from 'k6';
import { scenario } from 'k6/execution';
import { Trend } from 'k6/metrics';
import type { Options } from 'k6/options';
import { type Author, type Post, readFeed, readList, writePost } from './api.ts';
import { shows, untilFeedShows } from './delivery.ts';
import { common, constantRate, thresholdsOf } from './load.ts';
import { isDescending } from './order.ts';
import { ordinary, type Person, pick, positionsOf } from './people.ts';
import { durationS, lagP99Ms, p99Ms, rate } from './settings.ts';

const AUTHORS = 50;
/** Of these posts the delivery is watched. */
const WATCHED_ONE_IN = 5;
const PAGE = 100;

const lag = new Trend('delivery_lag', true);

export const options: Options = {
  ...common,
  scenarios: { burst: constantRate('post', rate(50), durationS(60)) },
  thresholds: thresholdsOf(p99Ms(500), { delivery_lag: [`p(99)<${lagP99Ms(2000)}`] }),
};

/** Positions of an author and of one who follows them. */
type Pair = readonly [author: number, follower: number];

/** Reading the follower's feed warms it. */
export function setup(): Pair[] {
  const pairs: Pair[] = [];
  for (const [i, author] of ordinary.entries()) {
    if (pairs.length === AUTHORS) break;
    const path = `/v1/users/${author.id}/followers`;
    const followers = positionsOf(readList<Author>(path, '/v1/users/:user/followers', author, 1));
    const follower = followers[followers.length - 1];
    if (follower !== undefined && readFeed(pick(ordinary, follower))) pairs.push([i, follower]);
  }
  if (pairs.length === 0) throw new Error('nobody follows anybody: npm run seed first');
  return pairs;
}

export function post(pairs: readonly Pair[]): void {
  const number = scenario.iterationInTest;
  const [author, follower] = pick(pairs, number).map((position) => pick(ordinary, position)) as [Person, Person];
  const written = writePost(author, `Burst ${number}.`);
  if (!written) return;
  check(written, { 'the post is as it was written': ({ text }) => text === `Burst ${number}.` });
  if (number % WATCHED_ONE_IN === 0) watchDelivery(written, author, follower);
}

function watchDelivery({ id }: Post, author: Person, follower: Person): void {
  const page = untilFeedShows(follower, [id], { limit: PAGE, lag });
  const own = readFeed(author, PAGE);
  check(page, {
    'a follower gets the post': (last) => last !== undefined && shows(last, id),
    'the follower’s feed is newest first, each post once': (last) => last !== undefined && isDescending(last.items),
  });
  check(own, { 'the author has it, too': (feed) => feed !== undefined && shows(feed, id) });
}
