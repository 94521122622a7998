import type { Clock } from '#kernel';
import { StoreHealth, type StoreNodeSignal, type Stores, StoreSignals } from '#storage';
import { LmdbCountedSetStore } from './counted-sets/lmdb-counted-set-store.ts';
import { LmdbMemberIndexStore } from './counted-sets/lmdb-member-index-store.ts';
import { LmdbViewStore } from './counted-sets/lmdb-view-store.ts';
import { LmdbAuthorModeStore } from './lmdb-author-mode-store.ts';
import { LmdbEnvironment } from './lmdb-environment.ts';
import { LmdbIdempotencyStore } from './lmdb-idempotency-store.ts';
import { LmdbOutboxStore } from './lmdb-outbox-store.ts';
import { LmdbAuthorTimelineStore, LmdbPostStore, LmdbReplyStore, openPostTables } from './lmdb-post-store.ts';
import { LmdbBlockStore, LmdbMuteStore } from './lmdb-relation-stores.ts';
import { LmdbRepostStore } from './lmdb-repost-store.ts';
import { LmdbUserStore } from './lmdb-user-store.ts';
import { LmdbWorkerLeaseStore } from './lmdb-worker-lease-store.ts';

/** Opens the embedded engine on a directory. Throws with a message for people when another process owns it. */
export function openLmdbStores(dataDir: string, clock: Clock): Stores {
  const env = LmdbEnvironment.open(dataDir);
  const posts = openPostTables(env);
  return {
    users: new LmdbUserStore(env),
    posts: new LmdbPostStore(env, posts),
    timelines: new LmdbAuthorTimelineStore(posts),
    replies: new LmdbReplyStore(posts),
    outbox: new LmdbOutboxStore(env),
    blocks: new LmdbBlockStore(env),
    mutes: new LmdbMuteStore(env),
    reposts: new LmdbRepostStore(env),
    idempotency: new LmdbIdempotencyStore(env, clock),
    countedSets: new LmdbCountedSetStore(env),
    memberIndex: new LmdbMemberIndexStore(env),
    views: new LmdbViewStore(env),
    authorModes: new LmdbAuthorModeStore(env),
    workerLeases: new LmdbWorkerLeaseStore(env),
    health: new LmdbHealth(env),
    signals: new NoSignals(),
    close: () => env.close(),
  };
}

class LmdbHealth extends StoreHealth {
  constructor(private readonly env: LmdbEnvironment) {
    super();
  }

  /** A write of nothing: proves that commits go through. */
  async ping(): Promise<void> {
    await this.env.write(() => undefined);
  }
}

/** Its load is the process's own. */
class NoSignals extends StoreSignals {
  sample(): Promise<StoreNodeSignal[]> {
    return Promise.resolve([]);
  }
}
