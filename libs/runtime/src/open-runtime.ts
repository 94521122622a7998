import { Passwords, SignIn, SignInThrottle, Tokens } from '#auth';
import { type Config, openSecret } from '#config';
import {
  CountedSets,
  counterLimits,
  embeddedCounterLimits,
  MemberIndex,
  Memberships,
  Reconciler,
  ViewFlusher,
  ViewRecorder,
} from '#counters';
import {
  BullFanoutInspector,
  BullFanoutQueue,
  BullQueues,
  RedisInboxStore,
  RedisPostBus,
  RedisViewBuffer,
  RedisVitalsBoard,
} from '#engine-redis';
import { AuthorModes, AuthorRoster, type ModeThresholds, PostDispatcher } from '#fanout';
import { inboxSize } from '#inbox';
import { BackgroundTasks, type Chance, type Clock, systemClock } from '#kernel';
import { createLogger, EventLoopDelay, Metrics, VitalsRecorder } from '#observability';
import { Presenter, type ViewCounting } from '#presentation';
import type { Stores } from '#storage';
import { AnnounceAhead } from './announce-ahead.ts';
import { CachedUserDirectory } from './cached-user-directory.ts';
import { openCaches } from './caches.ts';
import { Closers } from './closers.ts';
import { CountedEffects } from './counted-effects.ts';
import { CountedFollowers } from './counted-followers.ts';
import { CountedHeat } from './counted-heat.ts';
import { CountedNumbers } from './counted-numbers.ts';
import { CountedProfiles, IndexedFollows } from './counted-profiles.ts';
import { counterEvents } from './counter-events.ts';
import { openRedisConnections } from './redis-connections.ts';
import type { Runtime } from './runtime.ts';
import { openServerSignals } from './signals/open-server-signals.ts';
import { openCache } from './open-cache.ts';
import { openStores } from './open-stores.ts';
import { guardStores, openStoreGuards } from './store-guards.ts';
import { watchGuards } from './watch/watch-guards.ts';
import { instanceName } from './instance-name.ts';
import { topologyOf } from './topology.ts';
import { ShardWatch } from './watch/shard-watch.ts';
import { watchCache } from './watch/watch-cache.ts';
import { watchStores } from './watch/watch-stores.ts';
import { leaseWorkerNumber } from './worker-number.ts';

/**
 * Opens stores and connections and plugs everything together. Rejects with a message for people when something cannot be
 * had; what was opened by then is closed again.
 */
export async function openRuntime(config: Config, service: string): Promise<Runtime> {
  const closers = new Closers();
  try {
    return await open(config, service, closers);
  } catch (error) {
    await closers.close().catch(() => undefined);
    throw error;
  }
}

async function open(config: Config, service: string, closers: Closers): Promise<Runtime> {
  const clock = systemClock;
  const topology = topologyOf(config);
  const chance = Math.random;
  const instance = instanceName(service, chance);
  const logger = createLogger({ level: config.logLevel, service });
  const metrics = new Metrics();
  closers.add(new EventLoopDelay(), (delay) => delay.close()).exportTo(metrics);
  if (!config.redis) throw new Error('REDIS_URL is not set');

  const { without } = config.cache;
  const engine = closers.add(await openStores(config.store, clock, chance, logger), (opened) => opened.close());
  const bareStores = watchStores(engine, metrics);
  const guards = without.includes('storeGuard') ? undefined : openStoreGuards(clock, chance);
  if (guards) watchGuards(guards, metrics);
  const stores = guards ? guardStores(bareStores, guards) : bareStores;
  const redis = closers.add(await openRedisConnections(config.redis, logger, clock), (opened) => opened.close());
  const worker = await leaseWorkerNumber(stores.workerLeases, clock, chance, logger);
  closers.add(worker, (lease) => lease.release());

  const shards = new ShardWatch(metrics);
  const events = shards.on(counterEvents(metrics, logger));
  const limits = topology.shared ? counterLimits : embeddedCounterLimits;
  const sets = new CountedSets({ store: stores.countedSets, clock, chance, limits, events });
  closers.add(sets, (counting) => counting.close());
  const memberships = new Memberships({
    sets,
    index: stores.memberIndex,
    clock,
    chance,
    events,
    inOrder: !topology.shared,
  });
  closers.add(memberships, (settling) => settling.close());
  const tasks = new BackgroundTasks((err) => logger.warn({ err }, 'background work failed; the sweeper repeats it'));
  closers.add(tasks, (running) => running.settled());
  const viewBuffer = new RedisViewBuffer(redis.inboxes, clock);
  const cacheRedis = topology.shared ? redis.cache : undefined;
  const cache = await openCache({ instance, redis: cacheRedis, without }, closers, clock, chance);
  const loadTerms = { guard: guards?.loads, lastKnown: !without.includes('lastKnown') };
  const caches = openCaches(cache, { stores: bareStores, sets, viewBuffer }, loadTerms);
  await cache.start();
  const warm = without.includes('warmStart') ? undefined : cache.warmUp();
  const heat = new CountedHeat(cache, sets, clock, logger);
  closers.add(heat, (running) => running.stop()).start();
  watchCache(cache, metrics);
  const views = startViews(viewBuffer, stores, closers, clock, chance);
  const size = inboxSize(config.feed.inboxEntriesMax);
  const inboxOptions = { size, idleMs: config.feed.inboxIdleMs };
  const inboxes = new RedisInboxStore(redis.inboxes, inboxOptions, clock);
  const vitals = new VitalsRecorder({
    instance,
    service,
    metrics,
    clock,
    board: topology.shared ? new RedisVitalsBoard(redis.queue, 'gs:vitals', clock) : undefined,
    heat: () => shards.take(),
    onError: (err) => logger.debug({ err }, 'vitals could not be shared'),
  });
  closers.add(vitals, (running) => running.stop()).start();
  const queues = closers.add(new BullQueues(redis.queue, clock), (opened) => opened.close());
  const queue = new BullFanoutQueue(queues);
  const inspector = new BullFanoutInspector(queues);

  const memberIndex = new MemberIndex({ sets, store: stores.memberIndex, clock });
  const followers = new CountedFollowers(sets);
  const roster = new AuthorRoster(stores.authorModes, clock, topology.roster);
  await closers.add(roster, (running) => running.stop()).start();
  const plainBus = new RedisPostBus({ redis: redis.queue, blocking: redis.bus }, clock);
  const bus = without.includes('announceAhead') ? plainBus : new AnnounceAhead(plainBus, caches, roster);
  const thresholds: ModeThresholds = {
    ...config.fanout,
    settleMs: topology.settleMs,
    inboxIdleMs: config.feed.inboxIdleMs,
  };
  const numbers = new CountedNumbers(caches, memberIndex);
  const effects = new CountedEffects(sets, stores.posts);
  const passwords = new Passwords();
  const secret = config.auth.secret ?? (await openSecret(config.dataDir));
  const throttle = config.http.rateLimits ? new SignInThrottle(clock) : undefined;
  await warm;
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- a class only to be a token
  return {
    config,
    clock,
    logger,
    metrics,
    vitals,
    ids: worker.ids,
    tasks,
    stores,
    redis,
    caches,
    inboxes,
    deliveryInboxes: new RedisInboxStore(redis.deliveries, { ...inboxOptions, replicated: true }, clock),
    bus,
    queue,
    queues,
    inspector,
    signals: openServerSignals(config.redis, redis, stores, inspector, clock),
    tokens: new Tokens({ secret, previousSecrets: config.auth.previousSecrets, ttlMs: config.auth.tokenTtlMs, clock }),
    passwords,
    signIn: new SignIn(stores.users, passwords, throttle),
    sets,
    memberships,
    memberIndex,
    reconciler: new Reconciler({ store: stores.countedSets, clock, chance, events }),
    roster,
    modes: new AuthorModes(stores.authorModes, roster, (author) => followers.total(author), clock, thresholds),
    followers,
    dispatcher: new PostDispatcher(stores.outbox, effects, followers, bus, queue, clock),
    presenter: new Presenter(caches, numbers),
    numbers,
    views,
    directory: new CachedUserDirectory(caches),
    profileCounts: new CountedProfiles(caches, memberIndex),
    follows: new IndexedFollows(memberIndex),
    close: () => closers.close(),
  };
}

/** Views are gathered in the process, wait in Redis, and are folded into the store. */
function startViews(
  buffer: RedisViewBuffer,
  stores: Stores,
  closers: Closers,
  clock: Clock,
  chance: Chance,
): ViewCounting {
  const flusher = closers.add(new ViewFlusher({ buffer, store: stores.views, clock }), (running) => running.stop());
  const recorder = closers.add(new ViewRecorder({ buffer, clock, chance }), (running) => running.stop());
  flusher.start();
  recorder.start();
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- a class only to be a token
  return { seen: (post) => recorder.record(post) };
}
