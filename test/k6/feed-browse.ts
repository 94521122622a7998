// Readers scroll down their feeds page by page, while now and then somebody posts.
import { check } from 'k6';
import { scenario } from 'k6/execution';
import { Counter } from 'k6/metrics';
import type { Options } from 'k6/options';
import { type Post, readFeed, writePost } from './api.ts';
import { common, constantRate, thresholdsOf } from './load.ts';
import { isCollapsed, isDescending, isFullOrSaysWhy } from './order.ts';
import { ordinary, pick } from './people.ts';
import { durationS, p99Ms, rate } from './settings.ts';

const PAGES = 5;
const LIMIT = 20;
const WRITES_PER_READ = 0.05;

const scrolled = new Counter('posts_scrolled');

export const options: Options = {
  ...common,
  scenarios: {
    readers: constantRate('browse', rate(40), durationS(60)),
    writers: constantRate('write', rate(40) * WRITES_PER_READ, durationS(60)),
  },
  thresholds: thresholdsOf(p99Ms(500), { posts_scrolled: ['count>0'] }),
};

/** Pages are disjoint and in order, whatever is posted meanwhile. */
export function browse(): void {
  const reader = pick(ordinary, scenario.iterationInTest);
  const posts: Post[] = [];
  let cursor: string | undefined;
  for (let number = 0; number < PAGES; number++) {
    const page = readFeed(reader, LIMIT, cursor);
    if (!page) return;
    posts.push(...page.items);
    check(page, {
      'pages follow one another, newest first, each post once': () => isDescending(posts),
      'an original shows once a page': isCollapsed,
      'the page is full, or says why not': (feed) => isFullOrSaysWhy(feed, LIMIT),
    });
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  scrolled.add(posts.length);
}

export function write(): void {
  const author = pick(ordinary, scenario.iterationInTest * 7);
  const post = writePost(author, `Meanwhile (${scenario.iterationInTest}).`);
  if (post) check(post, { 'the post is its author’s': (written) => written.author.id === author.id });
}
