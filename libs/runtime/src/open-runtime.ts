import { Passwords, SignIn, SignInThrottle, Tokens } from '#auth';
import { type Config, openSecret } from '#config';
import {
  BullFanoutInspector,
  BullFanoutQueue,
  BullQueues,
  type RedisClient,
  RedisInboxStore,
  RedisPrewarmings,
  RedisPostBus,
  RedisViewBuffer,
  RedisVitalsBoard,
} from '#engine-redis';
import { AuthorModes, AuthorRoster, type ModeThresholds, PostDispatcher } from '#fanout';
import { inboxSize } from '#inbox';
import { BackgroundTasks } from '#kernel';
import { VitalsRecorder } from '#observability';
import { Presenter } from '#presentation';
import type { UserId } from '#ids';
import type { AuthorModeStore } from '#storage';
import { AnnounceAhead } from './announce-ahead.ts';
import { CachedUserDirectory } from './cached-user-directory.ts';
import { CountedEffects } from './counted-effects.ts';
import { CountedFollowers } from './counted-followers.ts';
import { CountedNumbers } from './counted-numbers.ts';
import { CountedProfiles, IndexedFollows } from './counted-profiles.ts';
import { type Caching, openCaching } from './open-caching.ts';
import { openCounting, openViews } from './open-counting.ts';
import { beginOpening, type Opening } from './opening.ts';
import { openStores } from './open-stores.ts';
import { Prewarms } from './prewarms.ts';
import { openRedisConnections, type RedisConnections } from './redis-connections.ts';
import { type Caches, invalidateCount } from './caches.ts';
import type { Runtime } from './runtime.ts';
import { openServerSignals } from './signals/open-server-signals.ts';
import type { ShardWatch } from './watch/shard-watch.ts';
import { watchRedis } from './watch/watch-redis.ts';
import { leaseWorkerNumber } from './worker-number.ts';

/**
 * Opens stores and connections and plugs everything together. Rejects with a message for people when something cannot be
 * had; what was opened by then is closed again.
 */
export async function openRuntime(config: Config, service: string): Promise<Runtime> {
  const opening = beginOpening(config, service);
  try {
    return await open(opening);
  } catch (error) {
    await opening.closers.close().catch(() => undefined);
    throw error;
  }
}

async function open(opening: Opening): Promise<Runtime> {
  const { config, clock, chance, logger, metrics, closers, topology } = opening;
  if (!config.redis) throw new Error('REDIS_URL is not set');

  const opened = await openStores(opening);
  const { stores } = opened;
  const redis = closers.add(await openRedisConnections(config.redis, logger, clock), (all) => all.close());
  const worker = await leaseWorkerNumber(stores.workerLeases, clock, chance, logger);
  closers.add(worker, (lease) => lease.release());

  const { shards, ...counting } = openCounting(
    stores,
    {
      onWake: (subject) => invalidateCount(caches, subject),
      onFollowing: (members) => caches.profiles.invalidate(members as readonly UserId[]),
      onLiking: (members) => caches.likes.retire(members as readonly UserId[]),
    },
    opening,
  );
  const { sets, memberIndex } = counting;
  const tasks = new BackgroundTasks((err) => logger.warn({ err }, 'background work failed; the sweeper repeats it'));
  closers.add(tasks, (running) => running.settled());
  const viewBuffer = new RedisViewBuffer(redis.inboxes, clock);
  const { caches, warm }: Caching = await openCaching({ ...opened, redis, sets, memberIndex, viewBuffer }, opening);
  const views = openViews(viewBuffer, stores, opening);
  const vitals = openVitals(redis.queue, shards, opening);
  const queues = closers.add(new BullQueues(redis.queue, clock), (all) => all.close());
  const queue = new BullFanoutQueue(queues);
  const inspector = new BullFanoutInspector(queues);
  const roster = await openRoster(stores.authorModes, opening);
  const postBus = new RedisPostBus({ redis: redis.queue, blocking: redis.bus }, clock);
  const bus = config.cache.without.includes('announceAhead') ? postBus : new AnnounceAhead(postBus, caches, roster);
  const inboxes = openInboxes(redis, opening);
  watchRedis({ ...inboxes, bus: postBus, queues }, metrics);

  const followers = new CountedFollowers(sets);
  const effects = new CountedEffects(sets, stores.posts);
  const numbers = new CountedNumbers(caches);
  const thresholds: ModeThresholds = {
    ...config.fanout,
    settleMs: topology.settleMs,
    inboxIdleMs: config.feed.inboxIdleMs,
  };
  const credentials = await openCredentials(opening);
  const passwords = new Passwords();
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
    prewarms: openPrewarms(redis.queue, caches, opening),
    ...inboxes,
    bus,
    queue,
    queues,
    inspector,
    signals: openServerSignals(config.redis, { clients: redis, stores, queues: inspector, vitals }, clock),
    tokens: credentials.tokens,
    passwords,
    signIn: new SignIn(stores.users, passwords, credentials.throttle),
    ...counting,
    roster,
    modes: new AuthorModes(stores.authorModes, roster, (author) => followers.total(author), clock, thresholds),
    followers,
    dispatcher: new PostDispatcher(stores.outbox, effects, followers, bus, queue, clock),
    presenter: new Presenter(caches, numbers),
    numbers,
    views,
    directory: new CachedUserDirectory(caches),
    profileCounts: new CountedProfiles(caches),
    follows: new IndexedFollows(memberIndex),
    close: () => closers.close(),
  };
}

function openInboxes(redis: RedisConnections, { config, clock, metrics, logger }: Opening) {
  const dropped = metrics.counter('inboxes_dropped_total', {});
  const onDropped = (inboxes: number): void => {
    dropped.inc(inboxes);
    logger.warn({ inboxes }, 'what was in the place of inboxes was none; they are built anew');
  };
  const options = { size: inboxSize(config.feed.inboxEntriesMax), idleMs: config.feed.inboxIdleMs, onDropped };
  return {
    inboxes: new RedisInboxStore(redis.inboxes, options, clock),
    deliveryInboxes: new RedisInboxStore(redis.deliveries, { ...options, replicated: true }, clock),
  };
}

function openPrewarms(redis: RedisClient, { cache }: Caches, { clock, logger, closers }: Opening): Prewarms {
  const prewarms = new Prewarms(new RedisPrewarmings(redis, 'gs:prewarmings', clock), cache, clock, logger);
  closers.add(prewarms, (running) => running.stop()).start();
  return prewarms;
}

function openVitals(redis: RedisClient, shards: ShardWatch, opening: Opening): VitalsRecorder {
  const { instance, service, metrics, clock, topology, logger, closers } = opening;
  const vitals = new VitalsRecorder({
    instance,
    service,
    metrics,
    clock,
    board: topology.shared ? new RedisVitalsBoard(redis, 'gs:vitals', clock) : undefined,
    heat: () => shards.take(),
    onError: (err) => logger.debug({ err }, 'vitals could not be shared'),
  });
  closers.add(vitals, (running) => running.stop()).start();
  return vitals;
}

async function openRoster(store: AuthorModeStore, { clock, topology, closers }: Opening): Promise<AuthorRoster> {
  const roster = new AuthorRoster(store, clock, topology.roster);
  await closers.add(roster, (running) => running.stop()).start();
  return roster;
}

async function openCredentials({ config: { auth, dataDir, http }, clock }: Opening) {
  const secret = auth.secret ?? (await openSecret(dataDir));
  return {
    tokens: new Tokens({ secret, previousSecrets: auth.previousSecrets, ttlMs: auth.tokenTtlMs, clock }),
    throttle: http.rateLimits ? new SignInThrottle(clock) : undefined,
  };
}
