import { setTimeout as delay } from 'node:timers/promises';
import { loadSkew } from '#hot-cache';
import { until } from '#test';
import { type Answers, crowd, readersDuring } from './crowd.ts';
import { type Growth, metricsOf, type Pair } from './pair.ts';
import type { Stage } from './stage.ts';

/** What is done to a pair of processes, and the figure that tells whether a technique is at work. */
export type Trial = (stage: Stage, pair: Pair) => Promise<string>;

interface HotKey {
  readonly key: string;
  readonly kind: string;
  readonly mitigations: readonly string[];
}

const MANY = 1_000;
const SECONDS = 3;

/** Hot, and little work. */
const HOT = 700;

/** As many as read without a pause where a post shall get a copy on each of three masters. */
const READERS = 16;

interface Seen extends Answers {
  readonly growth: Growth;
}

/** Everybody reads the post, at both processes. */
async function readPost(pair: Pair, post: string, perSecond = MANY, seconds = SECONDS): Promise<Seen> {
  let answers: Answers | undefined;
  const urlOf = (n: number): string => `${pair.servers[n % 2]?.url ?? ''}/v1/posts/${post}`;
  const growth = await pair.growth(async () => (answers = await crowd({ perSecond, seconds }, urlOf)));
  if (answers === undefined) throw new Error('nobody read');
  return { ...answers, growth };
}

const each = (n: number): string => (n / SECONDS).toFixed(n < 100 ? 1 : 0);

/** The same post, read by ten times as many. */
function tenfold(figure: (seen: Seen) => number): Trial {
  return async ({ author }, pair) => {
    const post = await pair.post(author, 'read by ten times as many');
    const few = figure(await readPost(pair, post, MANY / 10));
    return `${each(few)} → ${each(figure(await readPost(pair, post)))}`;
  };
}

/** What is measured with a cold compiler says little. */
export async function warmUp({ author }: Stage, pair: Pair): Promise<void> {
  await readPost(pair, await pair.post(author, 'to begin with'), MANY, 2);
}

const crowdOnOnePost = (figure: (seen: Seen) => number): Trial => {
  return async ({ author }, pair) => {
    const post = await pair.post(author, 'everybody reads this');
    await readPost(pair, post, MANY, 1);
    return each(figure(await readPost(pair, post)));
  };
};

export const redisTenfold = tenfold(({ growth }) => growth.tierCalls);
export const redisCalls = crowdOnOnePost(({ growth }) => growth.tierCalls);

const CHANGES = 20;
const AT_ONCE = 50;

/** The author's profile changes, and everybody wants it at once. */
export const loadsOfAChange: Trial = async ({ author }, pair) => {
  const post = await pair.post(author, 'by somebody with many names');
  const urlOf = (n: number): string => `${pair.servers[n % 2]?.url ?? ''}/v1/posts/${post}`;
  let sum = 0;
  for (let n = 0; n < CHANGES; n++) {
    await author.at(pair.first.url).expect('PATCH', '/v1/me', { displayName: `Name ${n}` });
    const growth = await pair.growth(() => crowd({ perSecond: AT_ONCE * 1_000, seconds: 0.001 }, urlOf));
    sum += growth.of('cache_events_total', { region: 'user', event: 'keys_loaded' });
  }
  return (sum / CHANGES).toFixed(2);
};

export const readersWhoWait = crowdOnOnePost(({ growth }) => growth.events('local_misses'));

const LIVE = 5;
const LIVE_SECONDS = 10;

/** Posts that have just been liked: their counts are kept for a second, so that many run out. */
export const staleAnswers: Trial = async ({ author, star }, pair) => {
  const posts: string[] = [];
  for (let n = 0; n < LIVE; n++) posts.push(await pair.post(author, 'liked while it is read'));
  for (const post of posts) await star.at(pair.first.url).expect('PUT', `/v1/posts/${post}/like`);
  const urlOf = (n: number): string => `${pair.servers[n % 2]?.url ?? ''}/v1/posts/${posts[n % LIVE] ?? ''}`;
  await crowd({ perSecond: MANY, seconds: 1 }, urlOf);
  const growth = await pair.growth(() => crowd({ perSecond: MANY, seconds: LIVE_SECONDS }, urlOf));
  return `${growth.events('stale_served')} (${growth.events('keys_loaded')} loads)`;
};

export const readsOfADeletedPost: Trial = async ({ author }, pair) => {
  const post = await pair.post(author, 'deleted while everybody reads it');
  await author.at(pair.first.url).expect('DELETE', `/v1/posts/${post}`);
  return each((await readPost(pair, post)).growth.events('keys_loaded'));
};

export const shownAfterDeletion: Trial = async ({ author }, pair) => {
  const post = await pair.post(author, 'deleted at the other process');
  const reading = readPost(pair, post, 200, 1);
  await delay(500); // in the middle of it
  await author.at(pair.first.url).expect('DELETE', `/v1/posts/${post}`);
  const goneAtMs = performance.now();
  let shownMs = 0;
  const isGone = async (): Promise<boolean> => {
    const askedMs = performance.now() - goneAtMs;
    const { status } = await fetch(`${pair.second.url}/v1/posts/${post}`);
    if (status === 200) shownMs = askedMs;
    return status === 404;
  };
  await until(isGone, Boolean, { everyMs: 5 });
  await reading;
  return shownMs.toFixed(0);
};

export const namedAfter: Trial = async ({ author, operator }, pair) => {
  const post = await pair.post(author, 'named soon');
  const reading = readPost(pair, post);
  const startMs = performance.now();
  const isNamed = async (): Promise<boolean> => {
    const path = '/v1/ops/hot-keys';
    const { hotKeys } = (await operator.at(pair.second.url).expect('GET', path)) as { hotKeys: HotKey[] };
    return hotKeys.some(({ key }) => key === post);
  };
  const within = { everyMs: 20, deadlineMs: SECONDS * 1_000 };
  const named = await until(isNamed, Boolean, within).catch(() => false);
  const tookMs = performance.now() - startMs;
  await reading;
  return named ? tookMs.toFixed(0) : 'never';
};

/** What is done about the post at each of the two processes. */
async function mitigationsOf(post: string, { operator }: Stage, pair: Pair): Promise<(readonly string[])[]> {
  const answers = await Promise.all(pair.servers.map(({ url }) => operator.at(url).expect('GET', '/v1/ops/hot-keys')));
  const isIt = ({ key, kind }: HotKey): boolean => key === post && kind === 'post';
  return (answers as { hotKeys: HotKey[] }[]).map(({ hotKeys }) => hotKeys.find(isIt)?.mitigations ?? []);
}

/** Where it has a place among the hot ones, of the two processes. */
async function placesOf(post: string, stage: Stage, pair: Pair): Promise<number> {
  const all = await mitigationsOf(post, stage, pair);
  return all.filter((mitigations) => mitigations.includes('hot-room')).length;
}

async function copiesOf(post: string, stage: Stage, pair: Pair): Promise<number> {
  const all = await mitigationsOf(post, stage, pair);
  const copies = all.flat().map((mitigation) => Number(/^copies-(\d+)$/.exec(mitigation)?.[1] ?? 0));
  return Math.max(0, ...copies);
}

export const roomForIt: Trial = async (stage, pair) => {
  const post = await pair.post(stage.author, 'has a place');
  await readPost(pair, post);
  return String(await placesOf(post, stage, pair));
};

/** Of the post's own key: its author and counts are read half as often, too seldom for a copy on each master. */
export const nodeSkew: Trial = async (stage, pair) => {
  const post = await pair.post(stage.author, 'spread over all nodes');
  const urlOf = (n: number): string => `${pair.servers[n % 2]?.url ?? ''}/v1/posts/${post}`;
  return readersDuring(READERS, urlOf, async () => {
    await delay(3_000); // hot by now, with as many copies as its rate asks for
    const loads = await stage.loadsOf(`post:${post}`, () => delay(SECONDS * 1_000));
    return `${loadSkew(loads).ratio.toFixed(2)} (${await copiesOf(post, stage, pair)} copies)`;
  });
};

/** The store stands still for longer than the counts of a post that has just been liked are kept. */
export const failedWithoutStore: Trial = async ({ author, star, withoutStore }, pair) => {
  const post = await pair.post(author, 'still to be seen');
  await star.at(pair.first.url).expect('PUT', `/v1/posts/${post}/like`);
  await readPost(pair, post, MANY, 1);
  const { failed, all } = await withoutStore(() => readPost(pair, post, 300, 8));
  return `${failed} of ${all}`;
};

/** The same with things that nobody has read before. */
export const answerWithoutStore: Trial = async ({ withoutStore }, pair) => {
  const unknown = (n: number): string => `${pair.servers[n % 2]?.url ?? ''}/v1/posts/${(1n << 60n) + BigInt(n)}`;
  const { medianMs } = await withoutStore(() => crowd({ perSecond: 200, seconds: 6 }, unknown));
  return medianMs.toFixed(0);
};

/** Nobody reads the post. */
const placesUnread = (begin: (stage: Stage, pair: Pair) => Promise<string>): Trial => {
  return async (stage, pair) => {
    const post = await begin(stage, pair);
    const places = () => placesOf(post, stage, pair);
    await until(places, (n) => n === 2, { deadlineMs: 3_000 }).catch(() => undefined);
    return String(await places());
  };
};

export const prewarmed = placesUnread(async ({ author, operator }, pair) => {
  const { id } = await author.at(pair.first.url).post('about to be read');
  await operator.at(pair.first.url).expect('POST', '/v1/ops/prewarm', { posts: [id] });
  return id;
});

export const announced = placesUnread(async ({ star }, pair) => (await star.at(pair.first.url).post('hello')).id);

const STARTS = 4;
const START_SECONDS = 6;

/** A quiet machine starts faster than the others tell what is hot. */
export const warmWhenReady: Trial = async ({ author }, pair) => {
  const post = await pair.post(author, 'read while a process starts');
  const reading = crowd(
    { perSecond: HOT, seconds: 2 + STARTS * START_SECONDS },
    () => `${pair.first.url}/v1/posts/${post}`,
  );
  await delay(2_000); // hot by now
  let warm = 0;
  for (let n = 0; n < STARTS; n++) {
    await pair.second.restart();
    warm += (await metricsOf(pair.second)).sum('cache_local_entries', { region: 'post', room: 'hot' });
  }
  await reading;
  return `${warm} of ${STARTS}`;
};

export const cpuPerRead: Trial = async ({ author }, pair) => {
  const post = await pair.post(author, 'sent as bytes');
  await readPost(pair, post, MANY, 1);
  const { growth, all } = await readPost(pair, post, 2 * MANY);
  return ((growth.of('process_cpu_seconds_total') * 1e6) / all).toFixed(0);
};
