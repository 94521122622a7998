import { setTimeout as delay } from 'node:timers/promises';
import { Tokens } from '#auth';
import { connectRedis, type RedisClient } from '#engine-redis';
import type { UserId } from '#ids';
import { systemClock } from '#kernel';
import { ServerProcess, startTestRedis, tempDir, type TestRedis } from '#test';
import { scrape, type Samples } from './samples.ts';

const SECRET = 'a secret for the bench, long enough';
const BATCH = 1_000;
const POSTS_PER_CALL = 250;
const CALLS_AT_ONCE = 3;

/** The standalone app as a process of its own, over a Redis of its own and an empty LMDB. */
export class FeedServer {
  readonly #tokens = new Tokens({ secret: SECRET, ttlMs: 36_000_000, clock: systemClock });
  readonly #operator: Promise<string>;

  private constructor(
    private readonly app: ServerProcess,
    private readonly testRedis: TestRedis,
    private readonly dir: ReturnType<typeof tempDir>,
    /** A connection of the bench's own. */
    readonly redis: RedisClient,
  ) {
    this.#operator = this.#tokens.issue({ ops: true }).then(({ token }) => token);
  }

  static async start(env: Readonly<Record<string, string>>): Promise<FeedServer> {
    const redis = await startTestRedis();
    const dir = tempDir();
    const own = { REDIS_URL: redis.url, DATA_DIR: dir.path, AUTH_SECRET: SECRET };
    const app = await ServerProcess.start('standalone', { ...own, ...env });
    const client = connectRedis({ urls: [redis.url], name: 'bench', onError: () => undefined, patient: true });
    return new FeedServer(app, redis, dir, client);
  }

  get url(): string {
    return this.app.url;
  }

  get redisPort(): string {
    return new URL(this.testRedis.url).port;
  }

  async tokenOf(user: UserId): Promise<string> {
    return (await this.#tokens.issue({ userId: user })).token;
  }

  async users(prefix: string, count: number): Promise<UserId[]> {
    const handles = Array.from({ length: count }, (_, i) => `${prefix}_${i}`);
    const answers = await inBatches(handles, BATCH, (batch) =>
      this.call<{ users: { id: string }[] }>('POST', '/v1/ops/import/users', { handles: batch }),
    );
    return answers.flatMap(({ users }) => users.map(({ id }) => BigInt(id) as UserId));
  }

  /** Pairs: the first follows the second. */
  async follows(pairs: readonly (readonly [UserId, UserId])[]): Promise<void> {
    await inBatches(pairs, BATCH, (batch) =>
      this.call('POST', '/v1/ops/import/follows', { follows: batch.map((pair) => pair.map(String)) }),
    );
  }

  /** One post for each author in the list, in its order (within what runs at once). */
  async posts(authors: readonly UserId[]): Promise<void> {
    await inBatches(authors, POSTS_PER_CALL, (batch) =>
      this.call('POST', '/v1/ops/import/posts', { posts: batch.map((author) => [String(author), TEXT]) }),
    );
  }

  /** A request of an operator, or of whoever the token belongs to; again and again while the server asks for patience. */
  async call<Body>(method: string, path: string, body?: unknown, token?: string): Promise<Body> {
    for (;;) {
      const answer = await this.#request(method, path, body, token);
      const text = await answer.text();
      if (answer.ok) return JSON.parse(text) as Body;
      const retryAfterS = Number(answer.headers.get('retry-after'));
      if (answer.status !== 503 || !retryAfterS) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
      await delay(1000 * retryAfterS);
    }
  }

  async #request(method: string, path: string, body: unknown, token: string | undefined): Promise<Response> {
    const headers = {
      authorization: `Bearer ${token ?? (await this.#operator)}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    return fetch(this.url + path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  }

  /** What the server says of itself; of the event loop's delays since it was asked last. */
  async samples(): Promise<Samples> {
    return scrape(`${this.url}/metrics`);
  }

  /** Fan-out jobs that are not done. */
  async pending(): Promise<number> {
    const { queues } = await this.call<{ queues: Record<'waiting' | 'active' | 'waitingChildren', number>[] }>(
      'GET',
      '/v1/ops/fanout',
    );
    return queues.reduce((sum, { waiting, active, waitingChildren }) => sum + waiting + active + waitingChildren, 0);
  }

  async stop(): Promise<void> {
    this.redis.disconnect();
    await this.app.stop();
    await this.testRedis.stop();
    this.dir.remove();
  }
}

/** 140 characters: as long as posts are. */
export const TEXT =
  'A post that says about as much as posts say: some words, a name, a place, the weather, and what there was to eat. '.padEnd(
    140,
    '.',
  );

async function inBatches<Item, Answer>(
  items: readonly Item[],
  size: number,
  send: (batch: Item[]) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next * size < items.length) {
      const at = next++;
      answers[at] = await send(items.slice(at * size, (at + 1) * size));
    }
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, work));
  return answers;
}
