import type { PostId, UserId } from '#ids';
import { systemClock } from '#kernel';
import { seededChance, startTestRedis, type TestRedis } from '#test';
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
const openBus = (seed = 1) =>
  new RedisPostBus({ redis: connect(), blocking: connect() }, systemClock, seededChance(seed));
const post = (id: number) => BigInt(id) as PostId;
const user = (id: number) => BigInt(id) as UserId;

describe('RedisPostBus', () => {
  it('gives every reader the same events in the same order, from any position', async () => {
    const [a, b] = [openBus(1), openBus(2)];
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
    await openBus(2).announcePost(post(88), user(1));
    expect((await waiting)!.events).toHaveLength(1);
    const head = await bus.head();
    await expect(bus.read(head, 10, 1)).resolves.toEqual({ events: [], next: head });
  });

  it('does not pretend to reach back to another life of the stream, or too far', async () => {
    const bus = openBus();
    const start = await bus.head();
    const [epoch] = start.split('.');
    await expect(bus.read(`${epoch}.1000-0`, 10, 0)).resolves.toBeUndefined();
    await connect().flushall();
    await openBus(9).announcePost(post(99), user(1));
    await expect(bus.read(start, 10, 0)).resolves.toBeUndefined();
    await expect(bus.head()).resolves.not.toBe(start);
  });

  it.each(['', 'x', 'abc.1', 'abc.1-', '.1-0', 'ABC.1-0', 'a.1-0;', `a.${'9'.repeat(40)}-0`])(
    'refuses %j as a position',
    async (position) => {
      await expect(openBus().read(position, 1, 0)).rejects.toMatchObject({ code: 'validation_failed' });
    },
  );
});
