// The same work on three other caches: node peers.mjs REDIS_URL; prints a JSON object { name: { ... } }.
import { setTimeout as delay } from 'node:timers/promises';

// By name at run time: these packages are installed beside the project, so nothing in it can resolve them.
const from = (name) => import(name);
const { default: KeyvRedis } = await from('@keyv/redis');
const { createCache } = await from('async-cache-dedupe');
const { bentostore, BentoCache } = await from('bentocache');
const { memoryDriver } = await from('bentocache/drivers/memory');
const { redisBusDriver, redisDriver } = await from('bentocache/drivers/redis');
const { Cacheable } = await from('cacheable');
const { Redis } = await from('ioredis');

const INSTANCES = 5;
const READERS = 200;
const LOAD_MS = 50;
const url = process.argv[2];
const { hostname: host, port } = new URL(url);

const store = { value: 1, loads: 0 };
async function load() {
  store.loads++;
  const { value } = store;
  await delay(LOAD_MS);
  return { value };
}

function openBento(name) {
  const connection = { host, port: Number(port) };
  const multi = bentostore()
    .useL1Layer(memoryDriver({ maxSize: '10mb' }))
    .useL2Layer(redisDriver({ connection }))
    .useBus(redisBusDriver({ connection }));
  const cache = new BentoCache({ default: 'multi', stores: { multi }, prefix: name });
  return {
    get: (key) => cache.getOrSet({ key, factory: load, ttl: '60s' }),
    remove: (key) => cache.delete({ key }),
    close: () => cache.disconnectAll(),
  };
}

function openCacheable(name) {
  const cache = new Cacheable({ secondary: new KeyvRedis(url, { namespace: name }), namespace: name });
  return {
    get: (key) => cache.getOrSet(key, load, { ttl: '60s' }),
    remove: (key) => cache.delete(key),
    close: () => cache.disconnect(),
  };
}

function openDedupe() {
  const client = new Redis(url);
  const cache = createCache({
    ttl: 60,
    storage: { type: 'redis', options: { client, invalidation: { referencesTTL: 120 } } },
  });
  cache.define('thing', { references: (_args, key) => [`thing:${key}`] }, load);
  return {
    get: (key) => cache.thing(key),
    remove: (key) => cache.invalidate('thing', [`thing:${key}`]),
    close: () => client.quit(),
  };
}

async function loadsOf(work) {
  const before = store.loads;
  await work();
  return store.loads - before;
}

const crowd = (instances, key) =>
  Promise.all(instances.flatMap((instance) => Array.from({ length: READERS }, () => instance.get(key))));

/** A reader loads the old value slowly while it is changed and thrown out: what do the others read afterwards? */
async function staleAfterInvalidation([a, b, c]) {
  let stale = 0;
  for (let i = 0; i < 20; i++) {
    store.value = 1;
    const slow = a.get(`race-${i}`);
    await delay(LOAD_MS / 2);
    store.value = 2;
    await b.remove(`race-${i}`);
    await slow;
    await delay(10);
    if ((await c.get(`race-${i}`)).value === 1) stale++;
  }
  return `${stale} of 20`;
}

async function measure(name, open) {
  const instances = Array.from({ length: INSTANCES }, () => open(name));
  await delay(300);
  const cold = await loadsOf(() => crowd(instances, 'a'));
  await instances[0].remove('a');
  await delay(100);
  const invalidated = await loadsOf(() => crowd(instances, 'a'));
  const stale = await staleAfterInvalidation(instances);
  await Promise.all(instances.map((instance) => instance.close()));
  return { cold, invalidated, stale };
}

const results = {
  'bentocache 1.6': await measure('bento', openBento),
  'cacheable 2.5': await measure('cacheable', openCacheable),
  'async-cache-dedupe 3.4': await measure('dedupe', openDedupe),
};
console.log(JSON.stringify(results));
process.exit(0);
