// Ten celebrities post at the same moment, again and again, while their followers read.
import { check } from 'k6';
import { scenario } from 'k6/execution';
import { Trend } from 'k6/metrics';
import type { Options } from 'k6/options';
import { type Author, callAll, type Post, postCall, readFeed, readList } from './api.ts';
import { shows, untilFeedShows } from './delivery.ts';
import { common, constantRate, thresholdsOf } from './load.ts';
import { isCollapsed, isDescending, isFullOrSaysWhy } from './order.ts';
import { celebrities, ordinary, type Person, pick, positionsOf } from './people.ts';
import { durationS, lagP99Ms, p99Ms, rate } from './settings.ts';

const CELEBRITIES = 10;
const STORMS_PER_S = 0.2;
/** Holds a storm, and some of the posts of ordinary authors. */
const PAGE = 50;

const lag = new Trend('storm_lag', true);

export const options: Options = {
  ...common,
  scenarios: {
    storms: constantRate('storm', STORMS_PER_S, durationS(60)),
    readers: constantRate('reader', rate(100), durationS(60)),
  },
  thresholds: thresholdsOf(p99Ms(500), { storm_lag: [`p(99)<${lagP99Ms(2000)}`] }),
};

interface Stage {
  /** Positions of those who follow all of them. */
  readonly fans: readonly number[];
}

const stars = celebrities.slice(0, CELEBRITIES);

export function setup(): Stage {
  const counts = new Map<number, number>();
  for (const fan of stars.flatMap((star) => positionsOf(followersOf(star))))
    counts.set(fan, (counts.get(fan) ?? 0) + 1);
  const fans = [...counts].filter(([, count]) => count === CELEBRITIES).map(([fan]) => fan);
  if (fans.length === 0) throw new Error('nobody follows ten celebrities: npm run seed -- --celebrities 10');
  return { fans };
}

const followersOf = (star: Person): Author[] =>
  readList<Author>(`/v1/users/${star.id}/followers`, '/v1/users/:user/followers', star, 5);

export function storm({ fans }: Stage): void {
  const number = scenario.iterationInTest;
  const answers = callAll<Post>(
    stars.map((star) => postCall(star, `Storm ${number}, says @${star.handle}.`)),
    201,
  );
  const posts = answers.flatMap((post) => post ?? []);
  if (posts.length < CELEBRITIES) return;
  const page = untilFeedShows(
    pick(ordinary, pick(fans, number)),
    posts.map(({ id }) => id),
    { limit: PAGE, lag },
  );
  check(page, {
    'a follower sees the whole storm': (last) => last !== undefined && posts.every(({ id }) => shows(last, id)),
    'newest first, each post once': (last) => last !== undefined && isDescending(last.items),
  });
}

export function reader({ fans }: Stage): void {
  const page = readFeed(pick(ordinary, pick(fans, scenario.iterationInTest)));
  if (!page) return;
  check(page, {
    'the feed is newest first, each post once': ({ items }) => isDescending(items),
    'the feed shows an original once': isCollapsed,
    'the page is full, or says why not': (feed) => isFullOrSaysWhy(feed, 20),
  });
}
