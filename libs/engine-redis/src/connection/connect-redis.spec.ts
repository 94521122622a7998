import { startTestRedis, type TestRedis } from '#test';
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
