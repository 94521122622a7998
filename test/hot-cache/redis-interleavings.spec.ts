import fc from 'fast-check';
import { connectRedis, type RedisClient, RedisInvalidationBus, RedisSharedTier } from '#engine-redis';
import { HotCache, jsonCodec, textKeys } from '#hot-cache';
import { systemClock } from '#kernel';
import { startTestRedis, type TestRedis, until } from '#test';
import type { Things } from './cache-world.ts';

const INSTANCES = 3;
const RUNS = 100;

let server: TestRedis;
const clients: RedisClient[] = [];
const caches: HotCache[] = [];
const regions: Things[] = [];
const store = new Map<string, number>();
let runs = 0;

beforeAll(async () => {
  server = await startTestRedis();
  for (let i = 0; i < INSTANCES; i++) {
    const redis = connectRedis({ urls: [server.url], name: `test-${i}`, onError: () => undefined, patient: true });
    const tier = new RedisSharedTier(redis, { prefix: 'c:' });
    const bus = new RedisInvalidationBus(redis, 'bus');
    const cache = new HotCache({ clock: systemClock, chance: Math.random, tier, bus, origin: `instance-${i}` });
    const load = async (keys: readonly string[]) => {
      const values = keys.map((key) => store.get(key));
      await new Promise((resume) => setImmediate(resume));
      return values.map((n) => (n === undefined ? undefined : { text: String(n) }));
    };
    clients.push(redis);
    caches.push(cache);
    regions.push(cache.region({ name: 'r', keys: textKeys, codec: jsonCodec<{ text: string }>(), load }));
    await cache.start();
  }
  await until(() => caches.every((cache) => cache.snapshot.bus.whole));
});
afterAll(async () => {
  await Promise.all(caches.map((cache) => cache.stop()));
  for (const client of clients) client.disconnect();
  await server.stop();
});

type Step = readonly ['read' | 'write' | 'remove' | 'forget' | 'wait', by: number];
const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom('read', 'read', 'read', 'write', 'remove', 'forget', 'wait'),
  fc.nat(INSTANCES - 1),
);

/** Everything at once, but for the waits; each step's process judges its own reads, which must show its own writes. */
async function carryOut(plan: readonly Step[]): Promise<void> {
  const key = `key-${++runs}`;
  const acked = new Array<number>(INSTANCES).fill(0);
  const pending: Promise<void>[] = [];
  let n = 0;
  for (const [what, by] of plan) {
    if (what === 'read') pending.push(read(key, by, acked[by]!));
    if (what === 'write' || what === 'remove') {
      const mine = ++n;
      if (what === 'write') store.set(key, mine);
      else store.delete(key);
      const note = (ok: boolean): void => void (acked[by] = ok && store.has(key) ? Math.max(acked[by]!, mine) : 0);
      pending.push(regions[by]!.invalidate([key]).then(note));
    }
    if (what === 'forget') await clients[by]!.del(`c:r:${key}`);
    if (what === 'wait') await Promise.all(pending);
  }
  await Promise.all(pending);
  await until(
    async () => (await Promise.all(regions.map(async (region) => (await region.get(key))?.text))).map(Number),
    (texts) => texts.every((text) => Object.is(text, Number(store.get(key)))),
    { deadlineMs: caches[0]!.stalenessBoundMs },
  );
}

async function read(key: string, by: number, atLeast: number): Promise<void> {
  const value = await regions[by]!.get(key);
  if (value !== undefined) expect(Number(value.text)).toBeGreaterThanOrEqual(atLeast);
}

it('ends with everybody reading what is true, whatever came in between, on a real Redis', async () => {
  const plans = fc.array(step, { minLength: 3, maxLength: 25, size: 'max' });
  await fc.assert(fc.asyncProperty(plans, carryOut), { numRuns: RUNS });
  expect(caches.map((cache) => cache.snapshot.tier.failures)).toEqual([0, 0, 0]);
}, 60_000);
