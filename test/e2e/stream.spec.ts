// The stream, from outside; needs what `npm run build` makes.
import fc from 'fast-check';
import { ApiClient, type EventStream, ServerProcess, startTestRedis, tempDir, type TestRedis, until } from '#test';

jest.setTimeout(120_000);

let redis: TestRedis;
let server: ServerProcess;
const data = tempDir();

beforeAll(async () => {
  redis = await startTestRedis();
  const env = { REDIS_URL: redis.url, DATA_DIR: data.path, PROMOTE_FOLLOWERS: '3', DEMOTE_FOLLOWERS: '1' };
  server = await ServerProcess.start('standalone', env);
}, 120_000);

afterAll(async () => {
  await server.stop();
  await redis.stop();
  data.remove();
});

let names = 0;
const register = () => ApiClient.register(server.url, `t${Date.now().toString(36)}_${names++}`);
const registerMany = (count: number) => Promise.all(Array.from({ length: count }, register));
const relate = (method: 'PUT' | 'DELETE', viewer: ApiClient, relation: string, other: ApiClient) =>
  viewer.expect(method, `/v1/users/${other.id}/${relation}`);
const follow = (viewer: ApiClient, author: ApiClient) => relate('PUT', viewer, 'follow', author);

/** All that a stream has had by the time when it has had this one. */
async function upTo(stream: EventStream, id: string): Promise<string[]> {
  return until(
    () => stream.posts,
    (posts) => posts.includes(id),
    { deadlineMs: 30_000 },
  );
}

const idOf = async (post: Promise<{ id: string }>) => (await post).id;

describe('a stream', () => {
  it('starts now, and has posts of push and pull authors and one’s own, each once', async () => {
    const [reader, author, celebrity, ...crowd] = await registerMany(6);
    for (const one of [reader!, ...crowd]) await follow(one, celebrity!);
    await follow(reader!, author!);
    await celebrity!.post('from before');
    const stream = await reader!.openStream();
    const ids: string[] = [];
    for (const one of [author!, celebrity!, reader!, celebrity!, author!]) ids.push(await idOf(one.post('live')));
    const reply = await idOf(author!.post('a reply', ids[0]));
    const repost = await idOf(author!.repost(ids[2]!));
    const wanted = [...ids, reply, repost];
    expect((await upTo(stream, repost)).sort()).toEqual([...wanted].sort());
    expect(stream.events.every((event) => event.id !== '')).toBe(true);
    stream.close();
  });

  it('heeds changes of relations from the next event on', async () => {
    const [reader, author, other] = await registerMany(3);
    const stream = await reader!.openStream();
    const missed = await idOf(author!.post('not followed yet'));
    await follow(reader!, author!);
    const seen = [await idOf(author!.post('followed'))];
    await relate('PUT', reader!, 'mute', author!);
    await author!.post('muted');
    await relate('DELETE', reader!, 'mute', author!);
    seen.push(await idOf(author!.post('heard again')));
    await follow(reader!, other!);
    await relate('PUT', author!, 'block', reader!);
    await author!.post('blocked');
    await relate('DELETE', author!, 'block', reader!);
    await relate('PUT', reader!, 'mute', author!);
    await other!.repost(missed); // of a muted author's
    await relate('DELETE', reader!, 'follow', author!);
    await author!.post('unfollowed');
    seen.push(await idOf(other!.post('the last')));
    expect(await upTo(stream, seen.at(-1)!)).toEqual(seen);
    stream.close();
  });

  it('resumes where it was left, also at another process', async () => {
    const [reader, author] = await registerMany(2);
    await follow(reader!, author!);
    const first = await reader!.openStream();
    await upTo(first, await idOf(author!.post('one')));
    first.close();
    const missed = [await idOf(author!.post('two')), await idOf(author!.post('three'))];
    await server.restart();
    const second = await reader!.openStream(first.lastEventId);
    missed.push(await idOf(author!.post('four')));
    expect(await upTo(second, missed.at(-1)!)).toEqual(missed);
    expect(second.events.every((event) => event.kind === 'post')).toBe(true);
    second.close();
  });

  it('says so when it cannot reach back, and goes on', async () => {
    const [reader, author] = await registerMany(2);
    await follow(reader!, author!);
    const live = await reader!.openStream();
    const { lastEventId } = await until(
      () => live,
      (stream) => stream.lastEventId !== '',
    );
    await redis.flush();
    await until(() => live.events.some((event) => event.kind === 'reset'));
    const resumed = await reader!.openStream(lastEventId);
    await until(() => resumed.events.length > 0);
    expect(resumed.events[0]!.kind).toBe('reset');
    const id = await idOf(author!.post('after'));
    await Promise.all([live, resumed].map((stream) => upTo(stream, id)));
    live.close();
    resumed.close();
  });

  it('refuses what is no position, and those without a token', async () => {
    const reader = await register();
    for (const id of ['x', '1-1', 'e.1', `${'9'.repeat(40)}.1-1`, '../x', 'e.1-1-1'])
      await expect(reader.openStream(id)).rejects.toThrow(/^400 .*validation_failed/);
    expect((await fetch(`${server.url}/v1/feed/stream`)).status).toBe(401);
  });

  it('serves many viewers of one author', async () => {
    const [author, ...viewers] = await registerMany(40);
    await Promise.all(viewers.map((viewer) => follow(viewer, author!)));
    const streams = await Promise.all(viewers.map((viewer) => viewer.openStream()));
    const id = await idOf(author!.post('to all'));
    await Promise.all(streams.map((stream) => upTo(stream, id)));
    expect(streams.map((stream) => stream.posts)).toEqual(viewers.map(() => [id]));
    for (const stream of streams) stream.close();
  });
});

const VIEWERS = 3;
const AUTHORS = 4;

type Step = { readonly do: 'post' | 'connect' | 'disconnect'; readonly who: number } | { readonly do: 'restart' };

const who = (count: number) => fc.integer({ min: 0, max: count - 1 });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.record({ do: fc.constant('post' as const), who: who(AUTHORS) }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('connect' as const), who: who(VIEWERS) }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('disconnect' as const), who: who(VIEWERS) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  ),
  { minLength: 30, maxLength: 80 },
);

/** A viewer who comes and goes, what they were sent, and what they should have been. */
class ComingAndGoing {
  readonly received: string[] = [];
  readonly wanted: string[] = [];
  #stream: EventStream | undefined;
  #position: string | undefined;

  constructor(private readonly client: ApiClient) {}

  get hasBegun(): boolean {
    return this.#stream !== undefined || this.#position !== undefined;
  }

  async connect(): Promise<void> {
    if (this.#stream && !this.#stream.ended) return;
    this.disconnect();
    const stream = await this.client.openStream(this.#position);
    await until(() => stream.lastEventId !== ''); // a position to resume from comes first
    this.#stream = stream;
  }

  disconnect(): void {
    if (!this.#stream) return;
    this.#stream.close();
    const { posts, lastEventId, events } = this.#stream;
    expect(new Set(posts).size).toBe(posts.length);
    expect(events.some((event) => event.kind === 'reset')).toBe(false);
    this.received.push(...posts);
    this.#position = lastEventId;
    this.#stream = undefined;
  }

  async settle(): Promise<void> {
    if (!this.hasBegun) return;
    await this.connect();
    await until(() => this.#missing().length === 0, Boolean, { deadlineMs: 30_000 }).catch(() => undefined);
    expect(this.#missing()).toEqual([]);
    this.disconnect();
    expect(this.received.filter((id) => !this.wanted.includes(id))).toEqual([]);
  }

  #missing(): string[] {
    const received = new Set([...this.received, ...(this.#stream?.posts ?? [])]);
    return this.wanted.filter((id) => !received.has(id));
  }
}

describe('streams of viewers who come and go', () => {
  it('skip nothing, and send nothing twice in one connection', async () => {
    const play = async (script: readonly Step[]): Promise<void> => {
      const authors = await registerMany(AUTHORS);
      const clients = await registerMany(VIEWERS);
      // The first author is followed by all, and pulled; the others by some.
      const follows = clients.map((_, v) => authors.filter((_author, a) => a === 0 || (v + a) % 2 === 0));
      await Promise.all(clients.flatMap((client, v) => follows[v]!.map((author) => follow(client, author))));
      const viewers = clients.map((client) => new ComingAndGoing(client));
      for (const step of script) {
        if (step.do === 'restart') await server.restart();
        else if (step.do === 'connect') await viewers[step.who]!.connect();
        else if (step.do === 'disconnect') viewers[step.who]!.disconnect();
        else {
          const author = authors[step.who]!;
          const expecting = viewers.filter((viewer, v) => viewer.hasBegun && follows[v]!.includes(author));
          const { id } = await author.post('to whom it may concern');
          for (const viewer of expecting) viewer.wanted.push(id);
        }
      }
      await Promise.all(viewers.map((viewer) => viewer.settle()));
    };
    const runs = { numRuns: Number(process.env.MODEL_RUNS ?? 3), endOnFailure: true };
    await fc.assert(fc.asyncProperty(steps, play), { ...runs, interruptAfterTimeLimit: 60_000 });
  }, 180_000);
});
