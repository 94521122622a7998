// A viewer who follows thousands, a hundred of them celebrities; needs what `npm run build` makes.
import { Tokens } from '#auth';
import { systemClock } from '#kernel';
import { ApiClient, type ApiPage, ServerProcess, startTestRedis, tempDir, type TestRedis } from '#test';

jest.setTimeout(180_000);

const SECRET = 'a secret that only this test and its server know';
const FOLLOWED = 5_000;
const CELEBRITIES = 100;
const POSTS_OF_A_CELEBRITY = 10;
/** Of the others every fourth writes at all. */
const WRITERS = (FOLLOWED - CELEBRITIES) / 4;
const BATCH = 400;

let redis: TestRedis;
let server: ServerProcess;
let operator: ApiClient;
const data = tempDir();
const env = (pullAuthorsMax: number) => ({
  REDIS_URL: redis.url,
  DATA_DIR: data.path,
  AUTH_SECRET: SECRET,
  PROMOTE_FOLLOWERS: '3',
  DEMOTE_FOLLOWERS: '1',
  PULL_AUTHORS_MAX: String(pullAuthorsMax),
});

const viewers: ApiClient[] = [];
let posts: string[];

async function inBatches(items: readonly unknown[], path: string, field: string): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (let at = 0; at < items.length; at += BATCH) {
    const body = { [field]: items.slice(at, at + BATCH) };
    answers.push(await operator.expect('POST', `/v1/ops/import/${path}`, body));
  }
  return answers;
}

beforeAll(async () => {
  redis = await startTestRedis();
  server = await ServerProcess.start('standalone', env(200));
  const { token } = await new Tokens({ secret: SECRET, ttlMs: 600_000, clock: systemClock }).issue({ ops: true });
  operator = new ApiClient(server.url, '', token);
  for (let i = 0; i < 3; i++) viewers.push(await ApiClient.register(server.url, `viewer_${i}`));
  const handles = Array.from({ length: FOLLOWED }, (_, i) => `author_${i}`);
  const answers = (await inBatches(handles, 'users', 'handles')) as { users: { id: string }[] }[];
  const authors = answers.flatMap(({ users }) => users.map(({ id }) => id));
  const celebrities = authors.slice(0, CELEBRITIES);
  const [heavy, ...others] = viewers;
  const follows = [
    ...authors.map((author) => [heavy!.id, author]),
    ...others.flatMap((other) => celebrities.map((author) => [other.id, author])),
  ];
  await inBatches(follows, 'follows', 'follows');
  await heavy!.feed(); // from here on posts are pushed
  const writers = authors.slice(0, CELEBRITIES + WRITERS);
  const texts = writers.flatMap((author, i) =>
    Array.from({ length: i < CELEBRITIES ? POSTS_OF_A_CELEBRITY : 1 }, () => [author, 'hello'] as const),
  );
  // Celebrities and others take turns, so that every page needs both.
  const shuffled = texts.map((text, i) => ({ text, at: (i * 7919) % texts.length })).sort((a, b) => a.at - b.at);
  await inBatches(
    shuffled.map(({ text }) => text),
    'posts',
    'posts',
  );
  posts = await truth(writers);
});

afterAll(async () => {
  await server.stop();
  await redis.stop();
  data.remove();
});

/** All posts of all authors, newest first, asked for one by one. */
async function truth(authors: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < authors.length; at += 50) {
    const lists = await Promise.all(
      authors.slice(at, at + 50).map((author) => operator.expect('GET', `/v1/users/${author}/posts?limit=100`)),
    );
    for (const list of lists as ApiPage[]) ids.push(...list.items.map((post) => post.id));
  }
  return ids.sort((a, b) => Number(BigInt(b) - BigInt(a)));
}

async function scroll(viewer: ApiClient): Promise<{ ids: string[]; states: Set<string> }> {
  const ids: string[] = [];
  const states = new Set<string>();
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page: ApiPage = await viewer.feed(100, cursor);
    ids.push(...page.items.map((post) => post.id));
    if (page.state !== 'rebuilding') states.add(page.state);
    if (page.state === 'complete' && page.nextCursor !== null) expect(page.items).toHaveLength(100);
    cursor = page.nextCursor;
  }
  return { ids, states };
}

describe('a viewer who follows thousands', () => {
  it('scrolls to the very first post: nothing missing, nothing twice, all pages full', async () => {
    expect(posts).toHaveLength(WRITERS + CELEBRITIES * POSTS_OF_A_CELEBRITY);
    const { ids, states } = await scroll(viewers[0]!);
    expect(ids).toEqual(posts);
    expect([...states]).toEqual(['complete']);
  });

  it('does so with cold inboxes, and from the truth alone', async () => {
    await redis.flush();
    expect((await scroll(viewers[0]!)).ids).toEqual(posts);
    await redis.server.kill();
    const { ids, states } = await scroll(viewers[0]!);
    await redis.server.restart();
    expect(ids).toEqual(posts);
    expect([...states]).toEqual(['degraded']);
  });

  it('loses nothing when there are more celebrities than a page may merge, and is told so', async () => {
    expect(await server.stop()).toBe(0); // as soon after an outage as the reading took
    const few = await ServerProcess.start('standalone', env(25));
    try {
      const token = viewers[0]!.bearer;
      const { ids, states } = await scroll(new ApiClient(few.url, viewers[0]!.id, token));
      expect(ids).toEqual(posts);
      expect(states).toContain('degraded');
    } finally {
      await few.stop();
    }
  });
});
