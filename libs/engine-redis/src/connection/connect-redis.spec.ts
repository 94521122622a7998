import { once } from 'node:events';
import type { Cluster, Redis } from 'ioredis';
import { startTestRedis, type TestRedis, until } from '#test';
import { connectRedis, type RedisClient } from './connect-redis.ts';

let redis: TestRedis;
let client: RedisClient;

beforeAll(async () => {
  redis = await startTestRedis();
});
afterEach(() => client.disconnect());
afterAll(() => redis.stop());

/** Sends a command to a Redis that dies before it answers, and is back at once. */
async function askDying(patient: boolean): Promise<string> {
  client = connectRedis({ urls: [redis.url], name: 'test', onError: () => undefined, patient });
  if (client.status !== 'ready') await new Promise((resolve) => client.once('ready', resolve));
  redis.server.pause();
  const answer = client.set('key', 'value').catch(() => 'failed');
  await redis.server.kill();
  await redis.server.restart();
  return answer;
}

describe('a command whose connection is lost before it is answered', () => {
  it('fails', async () => expect(await askDying(false)).toBe('failed'));

  it('is sent again by a patient client', async () => expect(await askDying(true)).toBe('OK'));
});

describe('a patient client that is ended while Redis is away', () => {
  it('fails what waits for an answer, as does one made from it', async () => {
    client = connectRedis({ urls: [redis.url], name: 'test', onError: () => undefined, patient: true });
    const other = (client as Redis).duplicate();
    other.on('error', () => undefined);
    const both = [client, other];
    const answers = both.map((one) => one.blpop('nothing', 0).catch(() => 'failed'));
    await until(
      () => both.map(({ status }) => status),
      (all) => all.every((status) => status === 'ready'),
    );
    await redis.server.kill();
    try {
      const ended = both.map((one) => once(one, 'end'));
      for (const one of both) {
        while (one.status !== 'reconnecting') await once(one, 'reconnecting');
        one.disconnect();
      }
      expect(await Promise.all(answers)).toEqual(['failed', 'failed']);
      await Promise.all(ended);
    } finally {
      await redis.server.restart();
    }
  });
});

describe('a patient client of a cluster without nodes', () => {
  it('fails what waits when it is ended between two attempts, as does one made from it', async () => {
    const urls = ['redis://127.0.0.1:1', 'redis://127.0.0.1:2'];
    client = connectRedis({ urls, name: 'test', onError: () => undefined, patient: true });
    const other = (client as Cluster).duplicate();
    other.on('error', () => undefined);
    const both = [client, other];
    const answers = both.map((one) => one.get('nothing').catch(() => 'failed'));
    const ended = both.map((one) => new Promise<void>((resolve) => one.once('end', resolve)));
    for (const one of both) {
      await until(
        () => one.status,
        (status) => status === 'reconnecting',
      );
      one.disconnect();
    }
    expect(await Promise.all(answers)).toEqual(['failed', 'failed']);
    await Promise.all(ended);
  });
});
