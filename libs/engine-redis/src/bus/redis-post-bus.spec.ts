import type { PostId, UserId } from '#ids';
import { systemClock } from '#kernel';
import { startTestRedis, type TestRedis, until } from '#test';
import { connectRedis, type RedisClient } from '../connection/connect-redis.ts';
import { RedisPostBus } from './redis-post-bus.ts';

let server: TestRedis;
const clients: RedisClient[] = [];

beforeAll(async () => void (server = await startTestRedis()));
afterAll(async () => {
  for (const client of clients) client.disconnect();
  await server.stop();
});

const connect = () => {
  const client = connectRedis({ urls: [server.url], name: 'test', onError: () => undefined, patient: true });
  clients.push(client);
  return client;
};
const openBus = (reachMs?: number) =>
  new RedisPostBus({ redis: connect(), blocking: connect(), ...(reachMs && { reachMs }) }, systemClock);
/** More than Redis keeps in one node of a stream: it lets go of whole nodes only. */
const FILLING = 250;
const fill = async (bus: RedisPostBus) => {
  await Promise.all(Array.from({ length: FILLING }, () => bus.announceRelations(user(7))));
};
/** Redis' clock goes on by some milliseconds. */
const aMoment = async () => {
  const redis = connect();
  const nowMs = async () => ((t) => t[0]! * 1000 + t[1]! / 1000)((await redis.time()).map(Number));
  const thenMs = await nowMs();
  await until(nowMs, (ms) => ms > thenMs + 5, { everyMs: 1 });
};
const post = (id: number) => BigInt(id) as PostId;
const user = (id: number) => BigInt(id) as UserId;

describe('RedisPostBus', () => {
  it('gives every reader the same events in the same order, from any position', async () => {
    const [a, b] = [openBus(), openBus()];
    const start = await a.head();
    await a.announcePost(post(11), user(1));
    await b.announceRelations(user(5));
    await b.announcePost(post(10), user(2));
    const seen = (await a.read(start, 10, 0))!;
    expect(seen.events.map((e) => e.event)).toEqual([
      { kind: 'post', postId: 11n, authorId: 1n },
      { kind: 'relations', viewer: 5n },
      { kind: 'post', postId: 10n, authorId: 2n },
    ]);
    const rest = (await b.read(seen.events[0]!.position, 10, 0))!;
    expect(rest.events).toEqual(seen.events.slice(1));
    expect(rest.next).toBe(await a.head());
    expect([b.isBehind(start, rest.next), b.isBehind(rest.next, start), b.isBehind(start, start)]).toEqual([
      true,
      false,
      false,
    ]);
    await expect(b.read(rest.next, 10, 0)).resolves.toEqual({ events: [], next: rest.next });
    expect((await b.read(start, 2, 0))!.events).toEqual(seen.events.slice(0, 2));
  });

  it('announces a post once, however often it is told to', async () => {
    const bus = openBus();
    const start = await bus.head();
    await Promise.all([1, 2, 3].map(() => bus.announcePost(post(77), user(1))));
    expect((await bus.read(start, 10, 0))!.events).toHaveLength(1);
  });

  it('waits for what comes', async () => {
    const bus = openBus();
    const start = await bus.head();
    const waiting = bus.read(start, 10, 5000);
    await openBus().announcePost(post(88), user(1));
    expect((await waiting)!.events).toHaveLength(1);
    const head = await bus.head();
    await expect(bus.read(head, 10, 1)).resolves.toEqual({ events: [], next: head });
  });

  it('remembers an announced post for as long as it is told of it', async () => {
    const [bus, redis] = [openBus(), connect()];
    const start = await bus.head();
    await bus.announcePost(post(78), user(1));
    const [mark = ''] = await redis.keys('*:78');
    await redis.pexpire(mark, 1000);
    await bus.announcePost(post(78), user(1));
    expect(await redis.pttl(mark)).toBeGreaterThan(60_000);
    expect((await bus.read(start, 10, 0))!.events).toHaveLength(1);
  });

  it('goes on from where a reader stood, however long nothing happened', async () => {
    const bus = openBus(1);
    await fill(openBus());
    let stood = await bus.head();
    for (const id of [101, 103]) {
      await aMoment();
      await bus.announcePost(post(id), user(1));
      const batch = (await bus.read(stood, 10, 0))!;
      expect(batch.events).toHaveLength(1);
      stood = batch.next;
    }
  });

  it('lets go of what is too old, and says so', async () => {
    const bus = openBus(1);
    const old = await bus.head();
    await fill(openBus());
    const stood = await bus.head();
    await aMoment();
    await bus.announcePost(post(102), user(1));
    expect(await connect().xlen('bus{posts}')).toBeLessThan(FILLING);
    await expect(bus.read(old, 10, 0)).resolves.toBeUndefined();
    expect((await bus.read(stood, 10, 0))!.events).toHaveLength(1);
  });

  it('does not pretend that a life of the stream is another, also when one process made both', async () => {
    const bus = openBus();
    const start = await bus.head();
    await bus.announcePost(post(98), user(1));
    await connect().flushall();
    await bus.announcePost(post(99), user(1));
    await expect(bus.read(start, 10, 0)).resolves.toBeUndefined();
    const next = await bus.head();
    expect([next.split('.')[0] === start.split('.')[0], bus.isBehind(start, next)]).toEqual([false, false]);
    await expect(bus.read(next, 10, 0)).resolves.toEqual({ events: [], next });
  });

  it('notices that Redis has come back with an older state', async () => {
    const [bus, redis] = [openBus(), connect()];
    const before = await bus.head();
    const state = await redis.dumpBuffer('bus{posts}');
    await bus.announcePost(post(97), user(1));
    const seen = await bus.head();
    await redis.restore('bus{posts}', 0, state, 'REPLACE');
    await expect(bus.read(seen, 10, 0)).resolves.toBeUndefined();
    await expect(bus.read(before, 10, 0)).resolves.toEqual({ events: [], next: before });
  });

  it('takes a made-up position before its life for what it is', async () => {
    const bus = openBus();
    const [epoch] = (await bus.head()).split('.');
    for (const id of ['0-0', '1000-0', '999999999999999-0']) {
      await expect(bus.read(`${epoch}.${id}`, 10, 0)).resolves.toBeUndefined();
    }
  });

  it.each(['', 'x', 'abc.1', 'abc.1-', '.1-0', 'ABC.1-0', 'a.1-0;', `a.${'9'.repeat(40)}-0`])(
    'refuses %j as a position',
    async (position) => {
      await expect(openBus().read(position, 1, 0)).rejects.toMatchObject({ code: 'validation_failed' });
    },
  );
});
