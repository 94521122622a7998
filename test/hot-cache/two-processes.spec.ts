// One JVM: half a minute, most of it its own.
import { oneCassandraNode, type TestCassandra } from '../cassandra/test-cassandra.ts';
import { describeWith } from '../local-stack/describe-with.ts';
import { Tokens } from '#auth';
import type { UserId } from '#ids';
import { systemClock } from '#kernel';
import type { StoreNodeSignal } from '#storage';
import { ApiClient, ServerProcess, startTestRedis, type TestRedis, until } from '#test';

interface HotKeys {
  readonly instance: string;
  readonly stalenessBoundMs: number;
  readonly hotKeys: readonly {
    readonly kind: string;
    readonly key: string;
    readonly readsPerSecond: number;
    readonly mitigations: readonly string[];
    readonly instances: readonly { readonly instance: string }[];
  }[];
  readonly store: readonly StoreNodeSignal[];
  readonly skew: readonly { readonly of: string }[];
}

interface Likeable {
  readonly likedByMe: boolean | null;
  readonly likeCount: number;
}

const SECRET = 'a secret for the test, long enough';
const ROUNDS = 20;
const SLOW = { deadlineMs: 30_000 };

jest.setTimeout(300_000);

describeWith(['java', 'mvn'], 'two processes over one Cassandra and one Redis', () => {
  let cassandra: TestCassandra;
  let redis: TestRedis;
  let servers: ServerProcess[] = [];
  /** The same people at both processes. */
  let author: ApiClient[];
  let reader: ApiClient[];
  let anybody: ApiClient[];
  let operator: ApiClient[];

  beforeAll(async () => {
    [cassandra, redis] = await Promise.all([oneCassandraNode(), startTestRedis()]);
    const { contactPoints, localDc, keyspace } = cassandra.options;
    const env = {
      STORE: 'cassandra',
      CASSANDRA_CONTACT_POINTS: contactPoints.join(),
      CASSANDRA_LOCAL_DC: localDc,
      CASSANDRA_KEYSPACE: keyspace,
      REDIS_URL: redis.url,
      AUTH_SECRET: SECRET,
    };
    const first = await ServerProcess.start('standalone', env);
    servers = [first, await ServerProcess.start('standalone', env)];
    const tokens = new Tokens({ secret: SECRET, ttlMs: 3_600_000, clock: systemClock });
    const everywhere = (id: string, token?: string) => servers.map(({ url }) => new ApiClient(url, id, token));
    const register = async (handle: string): Promise<ApiClient[]> => {
      const { id } = await ApiClient.register(first.url, handle);
      return everywhere(id, (await tokens.issue({ userId: BigInt(id) as UserId })).token);
    };
    [author, reader] = await Promise.all([register('author'), register('reader')]);
    anybody = everywhere('');
    operator = everywhere('', (await tokens.issue({ ops: true })).token);
    await reader[0]!.expect('PUT', `/v1/users/${author[0]!.id}/follow`);
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.kill()));
    await redis.stop();
    await cassandra.stop();
  });

  const shows = async (client: ApiClient, post: string) => (await client.feed()).items.some(({ id }) => id === post);
  const hotKeys = (at: number) => operator[at]!.expect('GET', '/v1/ops/hot-keys') as Promise<HotKeys>;
  const find = ({ hotKeys: all }: HotKeys, post: string) =>
    all.find(({ kind, key }) => kind === 'post' && key === post);

  it('show no deleted post at the other process, not even at once', async () => {
    const stale: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { id } = await author[0]!.post(`round ${round}`);
      await until(() => shows(reader[1]!, id), Boolean, SLOW);
      expect((await anybody[1]!.request('GET', `/v1/posts/${id}`)).status).toBe(200);
      await author[0]!.expect('DELETE', `/v1/posts/${id}`);
      const [feed, post] = await Promise.all([shows(reader[1]!, id), anybody[1]!.request('GET', `/v1/posts/${id}`)]);
      if (feed) stale.push(`feed, round ${round}`);
      if (post.status !== 404) stale.push(`post, round ${round}`);
    }
    expect(stale).toEqual([]);
  });

  /** What the reader is told of their own like at the other process, some times over: also by what it keeps. */
  const likesAt = async (post: string) => {
    const told = new Set<string>();
    for (let i = 0; i < 3; i++) {
      const { likedByMe, likeCount } = (await reader[1]!.expect('GET', `/v1/posts/${post}`)) as Likeable;
      const inFeed = (await reader[1]!.feed()).items.find(({ id }) => id === post) as Likeable | undefined;
      told.add(`${likedByMe} ${likeCount}`).add(`${inFeed?.likedByMe} ${inFeed?.likeCount}`);
    }
    return [...told].join(', ');
  };
  const likeAndTakeBack = async (post: string, rounds: number): Promise<string[]> => {
    const told: string[] = [];
    for (let round = 0; round < rounds; round++) {
      const racing = likesAt(post); // keeps what it finds while the like is made
      await reader[0]!.expect('PUT', `/v1/posts/${post}/like`);
      told.push(await likesAt(post));
      await racing;
      await reader[0]!.expect('DELETE', `/v1/posts/${post}/like`);
      told.push(await likesAt(post));
    }
    return [...new Set(told)];
  };

  it('show one’s own likes at the other process at the next read, and read them seldom', async () => {
    const { id } = await author[0]!.post('to be liked');
    await until(() => shows(reader[1]!, id), Boolean, SLOW);
    expect(await likeAndTakeBack(id, ROUNDS / 4)).toEqual(['true 1', 'false 0']);
    const hits = async () => {
      const metrics = await (await fetch(`${servers[1]!.url}/metrics`)).text();
      return Number(/^cache_events_total\{region="likes",event="local_hits"\} (\d+)/m.exec(metrics)?.[1] ?? 0);
    };
    await until(
      async () => {
        const before = await hits();
        await likesAt(id);
        return (await hits()) - before;
      },
      (found) => found > 0,
      SLOW,
    );
  });

  it('do so too while the cache’s Redis does not answer', async () => {
    const { id } = await author[0]!.post('to be liked all the same');
    await until(() => shows(reader[1]!, id), Boolean, SLOW);
    await likesAt(id);
    redis.server.pause();
    try {
      expect(await likeAndTakeBack(id, 1)).toEqual(['true 1', 'false 0']);
    } finally {
      redis.server.resume();
    }
    expect(await likeAndTakeBack(id, 1)).toEqual(['true 1', 'false 0']);
  });

  it('apply blocks and mutes at the other process at the next read', async () => {
    const { id } = await author[0]!.post('to be blocked');
    await until(() => shows(reader[1]!, id), Boolean, SLOW);
    for (let round = 0; round < ROUNDS; round++) {
      const what = `/v1/users/${author[0]!.id}/${round % 2 === 0 ? 'mute' : 'block'}`;
      await reader[0]!.expect('PUT', what);
      expect(await shows(reader[1]!, id)).toBe(false);
      await reader[0]!.expect('DELETE', what);
      await reader[0]!.expect('PUT', `/v1/users/${author[0]!.id}/follow`);
      await until(() => shows(reader[1]!, id), Boolean, SLOW);
    }
  });

  it('show their own to authors, and no deleted post, while Redis stands still and when it goes on as it was', async () => {
    const [kept, gone] = [await author[0]!.post('kept'), await author[0]!.post('gone')];
    for (const who of [author, reader]) await until(() => shows(who[1]!, gone.id), Boolean, SLOW);
    const own = [kept.id];
    const wrong: string[] = [];
    const look = async (when: string, hidden?: string): Promise<void> => {
      const [theirs, others] = await Promise.all([author[1]!.feed(), reader[1]!.feed()]);
      const ids = theirs.items.map(({ id }) => id);
      if (own.some((id) => !ids.includes(id))) wrong.push(`${when}: lacks an own post, ${theirs.state}`);
      if ([...theirs.items, ...others.items].some(({ id }) => id === hidden))
        wrong.push(`${when}: shows the deleted one`);
    };
    redis.server.pause();
    try {
      // The first reach Redis when it goes on; then nobody is let through any more.
      const first = await Promise.all([1, 2, 3].map((n) => author[0]!.post(`meanwhile, ${n}`)));
      own.push(...first.map(({ id }) => id), (await author[0]!.post('meanwhile, too')).id);
      await look('after the posts');
      await author[0]!.expect('DELETE', `/v1/posts/${gone.id}`);
      await look('after the deletion', gone.id);
    } finally {
      redis.server.resume();
    }
    for (let n = 0; n < 100; n++) await look(`read ${n} after the outage`, gone.id);
    expect(wrong).toEqual([]);
  });

  it('know of each other what is hot, and warm it on request', async () => {
    const { id } = await author[0]!.post('about to be hot');
    await operator[0]!.expect('POST', '/v1/ops/prewarm', { posts: [id], authors: [author[0]!.id] });
    const hot = await until(
      async () => find(await hotKeys(1), id),
      (found) => found !== undefined,
      SLOW,
    );
    expect(hot!.mitigations).toEqual(expect.arrayContaining(['hot-room', 'prewarmed']));
    const readMany = () =>
      Promise.all(Array.from({ length: 200 }, () => anybody[0]!.request('GET', `/v1/posts/${id}`)));
    const read = await until(
      async () => (await readMany(), find(await hotKeys(1), id)),
      (found) => (found?.readsPerSecond ?? 0) >= 100,
      SLOW,
    );
    const { instance, stalenessBoundMs } = await hotKeys(0);
    expect(read!.instances.map((one) => one.instance)).toEqual([instance]);
    expect(stalenessBoundMs).toBeGreaterThan(0);
  });

  it('are not ready before they have in memory what is hot elsewhere', async () => {
    const { id } = await author[0]!.post('hot while another one starts');
    const crowd = { there: true };
    const read = async (): Promise<void> => {
      while (crowd.there) await anybody[0]!.request('GET', `/v1/posts/${id}`);
    };
    const readers = Array.from({ length: 4 }, read);
    await until(
      async () => find(await hotKeys(0), id),
      (found) => found !== undefined,
      SLOW,
    );
    await servers[1]!.restart();
    const metrics = await (await fetch(`${servers[1]!.url}/metrics`)).text();
    crowd.there = false;
    await Promise.all(readers);
    expect(metrics).toContain('cache_local_entries{region="post",room="hot"} 1');
    // A start that takes long finds it in memory anyway: this is why it was not ready before.
    expect(metrics).toContain('cache_events_total{region="post",event="warmed_up"} 1');
  });

  it('say how busy the nodes of Cassandra are', async () => {
    const { store, skew } = await until(
      () => hotKeys(0),
      ({ store: nodes }) => nodes.some(({ requestsPerSecond }) => requestsPerSecond > 0),
      SLOW,
    );
    expect(store).toHaveLength(cassandra.options.replication[cassandra.options.localDc] ?? 1);
    expect(store[0]!.tables.length).toBeGreaterThan(0);
    expect(skew.map(({ of }) => of)).toEqual(expect.arrayContaining(['store', 'redis cache, inboxes, queue']));
  });
});
