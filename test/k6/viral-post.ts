// A celebrity posts, and a crowd comes: it reads the post, its author, its likes and the feed; a tenth likes, a few reply.
// For each of them some others only look at the post, so that it becomes hot, and its counts grow shards under the likes.
import { check, sleep } from 'k6';
import { scenario } from 'k6/execution';
import type { Options } from 'k6/options';
import { type Author, call, type Page, type Post, readFeed, readList, readPost, writePost } from './api.ts';
import { common, rampingRate, thresholdsOf } from './load.ts';
import { areDistinct, isCollapsed, isDescending, showsOrIsAbove } from './order.ts';
import { celebrities, ordinary, type Person, pick, positionsOf } from './people.ts';
import { durationS, onlookers, p99Ms, rate } from './settings.ts';

const LIKES_ONE_IN = 10;
const REPLIES_ONE_IN = 50;
/** All but the first with a token: those get past what stands in front of the server and answers for it. */
const ONLOOKERS = onlookers(4);
/** By then all counts are right. */
const SETTLED_S = 2.5;

export const options: Options = {
  ...common,
  scenarios: { crowd: rampingRate('crowd', rate(150), durationS(60)) },
  thresholds: thresholdsOf(p99Ms(500)),
};

interface Stage {
  readonly post: Post;
  /** Positions of the celebrity's followers. */
  readonly fans: readonly number[];
}

const star = pick(celebrities, 0);
const fanOf = (fans: readonly number[], number: number): Person => pick(ordinary, pick(fans, number));

export function setup(): Stage {
  const followers = readList<Author>(`/v1/users/${star.id}/followers`, '/v1/users/:user/followers', star, 5);
  const fans = positionsOf(followers);
  const post = writePost(star, `Everybody looks at this. ${new Date().toISOString()}`);
  if (!post || fans.length === 0) throw new Error(`@${star.handle} could not post, or has no followers with tokens`);
  return { post, fans };
}

export function crowd({ post, fans }: Stage): void {
  const number = scenario.iterationInTest;
  const fan = fanOf(fans, number);
  for (let i = 0; i < ONLOOKERS; i++) readThePost(post, i === 0 ? undefined : fan);
  readItsAuthor();
  readItsLikes(post, fan);
  readTheFeed(post, fan);
  if (number % LIKES_ONE_IN === 0) like(post, fanOf(fans, number / LIKES_ONE_IN));
  if (number % REPLIES_ONE_IN === REPLIES_ONE_IN / 2) reply(post, fan);
}

function readThePost(post: Post, as: Person | undefined): void {
  const seen = readPost(post.id, as);
  if (!seen) return;
  check(seen, {
    'the post is the one that was written': ({ id, text, author }) =>
      id === post.id && text === post.text && author.id === post.author.id,
    'whether they like it themselves, only those are told who say who they are': ({ likedByMe }) =>
      (likedByMe === null) === (as === undefined),
  });
}

function readItsAuthor(): void {
  const seen = call<Author>({ name: '/v1/users/:user', method: 'GET', path: `/v1/users/@${star.handle}` });
  if (seen)
    check(seen, { 'the author is the celebrity': ({ id, handle }) => id === star.id && handle === star.handle });
}

function readItsLikes(post: Post, fan: Person): void {
  const path = `/v1/posts/${post.id}/likes?limit=20`;
  const page = call<Page<Author>>({ name: '/v1/posts/:id/likes', method: 'GET', path, as: fan });
  if (page) check(page, { 'who likes it is listed once': ({ items }) => areDistinct(items.map(({ id }) => id)) });
}

function readTheFeed(post: Post, fan: Person): void {
  const page = readFeed(fan);
  if (!page) return;
  check(page, {
    'the feed is newest first, each post once': ({ items }) => isDescending(items),
    'the feed shows an original once': isCollapsed,
    'the feed shows the post': (feed) => showsOrIsAbove(feed, post.id),
  });
}

function like(post: Post, fan: Person): void {
  const path = `/v1/posts/${post.id}/like`;
  const answer = call<{ liked: boolean; likeCount: number }>({
    name: '/v1/posts/:id/like',
    method: 'PUT',
    path,
    as: fan,
  });
  if (answer) check(answer, { 'a like counts': ({ liked, likeCount }) => liked && likeCount > 0 });
}

function reply(post: Post, fan: Person): void {
  const answer = writePost(fan, 'So do I.', post.id);
  if (!answer) return;
  const page = readFeed(fan);
  if (page) check(page, { 'one’s own reply shows at once': (feed) => showsOrIsAbove(feed, answer.id) });
  check(answer, { 'the reply is one to the post': ({ replyTo }) => replyTo === post.id });
}

/** When it is quiet again, the numbers are those of the members. */
export function teardown({ post }: Stage): void {
  sleep(SETTLED_S);
  const seen = readPost(post.id, star);
  const likers = readList<Author>(`/v1/posts/${post.id}/likes`, '/v1/posts/:id/likes', star, 1000);
  const replies = readList<Post>(`/v1/posts/${post.id}/replies`, '/v1/posts/:id/replies', star, 1000);
  if (!seen) return;
  check(seen, {
    'likeCount is the number of those who like it': ({ likeCount }) => likeCount === likers.length,
    'each of them is listed once': () => areDistinct(likers.map(({ id }) => id)),
    'replyCount is the number of replies': ({ replyCount }) => replyCount === replies.length,
  });
}
