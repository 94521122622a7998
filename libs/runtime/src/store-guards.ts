import { StoreGuard } from '#hot-cache';
import type { Chance, Clock } from '#kernel';
import type { Stores } from '#storage';
import { methodsOf } from './port-methods.ts';

/** What stands in front of the store: one for each kind of use, so that none can take the room of the others. */
export interface StoreGuards {
  /** What the cache loads. */
  readonly loads: StoreGuard;
  /** What is read past the cache. */
  readonly reads: StoreGuard;
  /** What people write. A store that takes no writes, as with a full disk, is still read. */
  readonly writes: StoreGuard;
}

/** Writes are many at once because engines put those that are under way together; they time out after the engines' own deadlines. */
const LIMITS = {
  loads: { concurrency: 64, queuedMax: 1_000, timeoutMs: 3_000 },
  reads: { concurrency: 128, queuedMax: 2_000, timeoutMs: 5_500 },
  writes: { concurrency: 512, queuedMax: 4_000, timeoutMs: 5_500 },
};

export function openStoreGuards(clock: Clock, chance: Chance): StoreGuards {
  const open = (name: keyof StoreGuards) =>
    new StoreGuard(clock, chance, { name: `the store (${name})`, ...LIMITS[name] });
  return { loads: open('loads'), reads: open('reads'), writes: open('writes') };
}

/**
 * The same stores behind their guards. When not all can be served, what an author writes comes first, then what feeds are made
 * of, then strangers' scrolls. Not guarded are counted sets (they bound what they take on themselves, and are read by loads
 * that are guarded) and what goes on in the background, which tries again anyway.
 */
export function guardStores(stores: Stores, { reads, writes }: StoreGuards): Stores {
  const { users, posts, timelines, replies, blocks, mutes, reposts, idempotency, memberIndex } = stores;
  const read = <T>(work: () => Promise<T>): Promise<T> => reads.run(work, 'normal', true);
  const scroll = <T>(work: () => Promise<T>): Promise<T> => reads.run(work, 'low', true);
  const first = <T>(work: () => Promise<T>): Promise<T> => reads.run(work, 'high', true);
  const write = <T>(work: () => Promise<T>): Promise<T> => writes.run(work, 'high');
  return {
    ...stores,
    users: over(users, {
      create: (user) => write(() => users.create(user)),
      find: (id) => read(() => users.find(id)),
      findMany: (ids) => read(() => users.findMany(ids)),
      findIdByHandle: (handle) => read(() => users.findIdByHandle(handle)),
      findPasswordHash: (id) => read(() => users.findPasswordHash(id)),
      setDisplayName: (id, name) => write(() => users.setDisplayName(id, name)),
    }),
    posts: over(posts, {
      create: (post, outbox) => write(() => posts.create(post, outbox)),
      find: (id) => first(() => posts.find(id)),
      findMany: (ids) => read(() => posts.findMany(ids)),
      delete: (post, outbox) => write(() => posts.delete(post, outbox)),
      findDeleted: (id) => first(() => posts.findDeleted(id)),
    }),
    timelines: over(timelines, {
      list: (author, query) => scroll(() => timelines.list(author, query)),
      listMany: (positions, limit) => read(() => timelines.listMany(positions, limit)),
      listAfter: (author, after, limit) => read(() => timelines.listAfter(author, after, limit)),
    }),
    replies: over(replies, { list: (post, after, limit) => scroll(() => replies.list(post, after, limit)) }),
    blocks: over(blocks, {
      put: (blocker, blocked) => write(() => blocks.put(blocker, blocked)),
      remove: (blocker, blocked) => write(() => blocks.remove(blocker, blocked)),
      findBetween: (user, others) => first(() => blocks.findBetween(user, others)),
      hasAny: (user) => first(() => blocks.hasAny(user)),
    }),
    mutes: over(mutes, {
      put: (muter, muted) => write(() => mutes.put(muter, muted)),
      remove: (muter, muted) => write(() => mutes.remove(muter, muted)),
      loadAll: (muter) => read(() => mutes.loadAll(muter)),
    }),
    reposts: over(reposts, {
      claim: (user, original, repost) => write(() => reposts.claim(user, original, repost)),
      release: (user, original, repost) => write(() => reposts.release(user, original, repost)),
      find: (user, original) => first(() => reposts.find(user, original)),
    }),
    idempotency: over(idempotency, { find: (user, key) => first(() => idempotency.find(user, key)) }),
    memberIndex: over(memberIndex, {
      findMany: (partition, subjects) => read(() => memberIndex.findMany(partition, subjects)),
      list: (partition, after, limit) => read(() => memberIndex.list(partition, after, limit)),
      load: (partition) => read(() => memberIndex.load(partition)),
    }),
  };
}

/** The port with some of its methods replaced; the others are the engine's own. */
function over<Port extends object>(port: Port, methods: Partial<Port>): Port {
  return Object.assign(Object.fromEntries(methodsOf(port)), methods) as Port;
}
