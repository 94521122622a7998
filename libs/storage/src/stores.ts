import type { AuthorModeStore } from './author-mode-store.ts';
import type { CountedSetStore } from './counted-set-store.ts';
import type { IdempotencyStore } from './idempotency-store.ts';
import type { MemberIndexStore } from './member-index-store.ts';
import type { OutboxStore } from './outbox-store.ts';
import type { AuthorTimelineStore, PostStore, ReplyStore } from './post-store.ts';
import type { BlockStore, MuteStore } from './relation-store.ts';
import type { RepostStore } from './repost-store.ts';
import type { StoreHealth } from './store-health.ts';
import type { StoreSignals } from './store-signals.ts';
import type { UserStore } from './user-store.ts';
import type { ViewStore } from './view-store.ts';
import type { WorkerLeaseStore } from './worker-lease-store.ts';

/** All ports of one engine, opened together and closed together. */
export interface Stores {
  readonly users: UserStore;
  readonly posts: PostStore;
  readonly timelines: AuthorTimelineStore;
  readonly replies: ReplyStore;
  readonly outbox: OutboxStore;
  readonly blocks: BlockStore;
  readonly mutes: MuteStore;
  readonly reposts: RepostStore;
  readonly idempotency: IdempotencyStore;
  readonly authorModes: AuthorModeStore;
  readonly countedSets: CountedSetStore;
  readonly memberIndex: MemberIndexStore;
  readonly views: ViewStore;
  readonly workerLeases: WorkerLeaseStore;
  readonly health: StoreHealth;
  readonly signals: StoreSignals;
  /** Waits for writes under way. */
  close(): Promise<void>;
}
