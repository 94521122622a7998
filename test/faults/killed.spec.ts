// The process dies anywhere in the write path; needs what `npm run build` makes.
import { randomUUID } from 'node:crypto';
import { ApiClient, ServerProcess, startTestRedis, tempDir, type TestRedis, until } from '#test';

jest.setTimeout(240_000);

const KILLS = 4;
const WRITERS = 6;

let redis: TestRedis;
let server: ServerProcess;
const data = tempDir();

beforeAll(async () => {
  redis = await startTestRedis();
  server = await ServerProcess.start('standalone', { REDIS_URL: redis.url, DATA_DIR: data.path });
}, 60_000);

afterAll(async () => {
  await server.stop();
  await redis.stop();
  data.remove();
});

/** One post of a writer: the same key in every attempt. */
interface Intent {
  readonly writer: ApiClient;
  readonly key: string;
  readonly body: { readonly text: string; readonly replyTo: string };
}

describe('a process that is killed while it writes', () => {
  it('keeps what it acknowledged, leaves nothing half-done, and its keys can be repeated', async () => {
    const name = `k${Date.now().toString(36)}`;
    const handles = Array.from({ length: WRITERS + 1 }, (_, i) => `${name}_${i}`);
    const [reader, ...writers] = await Promise.all(handles.map((handle) => ApiClient.register(server.url, handle)));
    const root = await reader!.post('say something');
    for (const writer of writers) await reader!.expect('PUT', `/v1/users/${writer.id}/follow`);
    await reader!.feed(); // warm from here on

    const done = new Map<string, string>(); // text -> id
    const open: Intent[] = [];
    const attempt = async ({ writer, key, body }: Intent): Promise<boolean> => {
      const answer = await writer.request('POST', '/v1/posts', body, { 'idempotency-key': key }).catch(() => undefined);
      if (!answer || answer.status === 409) return false;
      expect(answer.status).toBe(201);
      done.set(body.text, answer.json.id as string);
      return true;
    };
    const writeOn = async (writer: ApiClient, from: string): Promise<void> => {
      for (let i = 0; server.running; i++) {
        const intent = { writer, key: randomUUID(), body: { text: `${from}-${i}`, replyTo: root.id } };
        if (!(await attempt(intent))) open.push(intent);
      }
    };
    for (let kill = 0; kill < KILLS; kill++) {
      const before = done.size;
      const writing = writers.map((writer, i) => writeOn(writer, `${kill}-${i}`));
      await until(() => done.size > before + 20 * (kill + 1), Boolean, { deadlineMs: 40_000 });
      await server.kill();
      await Promise.all(writing);
      await server.restart();
    }
    expect(open.length).toBeGreaterThan(0);
    await Promise.all(
      open.map((intent) => until(() => attempt(intent), Boolean, { deadlineMs: 20_000, everyMs: 500 })),
    );

    // Each intent is one post: in its author's list, in the feed, among the replies, in all numbers.
    const wanted = [...done.values()].sort(byId);
    const lists = await Promise.all(writers.map((writer) => writer.allPosts()));
    expect(lists.flat().sort(byId)).toEqual(wanted);
    await until(
      async () => (await allOfFeed(reader!)).filter((id) => id !== root.id).sort(byId),
      (ids) => ids.join() === wanted.join(),
      { deadlineMs: 20_000, everyMs: 200 },
    );
    await until(
      async () => (await reader!.expect('GET', `/v1/posts/${root.id}`)).replyCount as number,
      (count) => count === wanted.length,
    );
    const counts = await Promise.all(writers.map((writer) => writer.expect('GET', '/v1/me')));
    expect(counts.map((user) => user.postCount as number)).toEqual(lists.map((list) => list.length));
  });
});

async function allOfFeed(reader: ApiClient): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await reader.feed(100, cursor);
    ids.push(...page.items.map((post) => post.id));
    cursor = page.nextCursor;
  }
  return ids;
}

function byId(a: string, b: string): number {
  return Number(BigInt(a) - BigInt(b));
}
