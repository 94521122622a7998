import { ManualClock, startTestRedis, type TestRedis } from '#test';
import { Redis } from 'ioredis';
import { NodeSignals } from './node-signals.ts';

describe('NodeSignals', () => {
  const clock = new ManualClock();
  let server: TestRedis;
  let client: Redis;

  beforeAll(async () => {
    server = await startTestRedis(['--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lfu']);
    client = new Redis(server.url);
    await Promise.all(Array.from({ length: 1_000 }, (_, i) => client.set(`key ${i}`, 'x')));
    for (let i = 0; i < 2_000; i++) void client.get('key 777');
    await client.ping();
  });
  afterAll(async () => {
    client.disconnect();
    await server.stop();
  });

  it('names the most frequent keys after it has been all around, and does not count its own looks', async () => {
    const signals = new NodeSignals(client, clock);
    await signals.sample();
    for (let looks = 0; looks < 30; looks++) {
      await clock.advance(1_000);
      await signals.sample();
    }
    await clock.advance(1_000);
    const [idle] = await signals.sample();
    expect(idle).toMatchObject({ commandsPerSecond: 0 });
    expect(idle!.hotKeys[0]!.key).toBe('key 777');
    expect(idle!.hotKeys[0]!.frequency).toBeGreaterThan(10);

    await Promise.all(Array.from({ length: 300 }, () => client.get('key 5')));
    await clock.advance(2_000);
    await expect(signals.sample()).resolves.toMatchObject([{ commandsPerSecond: 150 }]);
  });
});
