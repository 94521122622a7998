import type { Clock } from '#kernel';
import type { Stores } from '#storage';
import { CassandraHealth } from './cassandra-health.ts';
import { CassandraSignals } from './cassandra-signals.ts';
import { CassandraCountedSetStore } from './counted-sets/cassandra-counted-set-store.ts';
import { CassandraMemberIndexStore } from './counted-sets/cassandra-member-index-store.ts';
import { CassandraViewStore } from './counted-sets/cassandra-view-store.ts';
import type { Database } from './database/database.ts';
import { CassandraAuthorModeStore } from './people/cassandra-author-mode-store.ts';
import { CassandraBlockStore } from './people/cassandra-block-store.ts';
import { CassandraMuteStore } from './people/cassandra-mute-store.ts';
import { CassandraUserStore } from './people/cassandra-user-store.ts';
import { AuthorMonths } from './posts/author-months.ts';
import { CassandraAuthorTimelineStore } from './posts/cassandra-author-timeline-store.ts';
import { CassandraOutboxStore } from './posts/cassandra-outbox-store.ts';
import { CassandraPostStore } from './posts/cassandra-post-store.ts';
import { CassandraReplyStore } from './posts/cassandra-reply-store.ts';
import { CassandraRepostStore } from './posts/cassandra-repost-store.ts';
import { OutboxTable } from './posts/outbox-table.ts';
import { PostEntries } from './posts/post-entries.ts';
import { ReplyBuckets } from './posts/reply-buckets.ts';
import { CassandraIdempotencyStore } from './records/cassandra-idempotency-store.ts';
import { CassandraWorkerLeaseStore } from './records/cassandra-worker-lease-store.ts';

/** All ports over one database whose schema is there. */
export async function buildStores(db: Database, clock: Clock, close: () => Promise<void>): Promise<Stores> {
  const months = new AuthorMonths(db, clock);
  const replyBuckets = new ReplyBuckets(db);
  const outboxTable = new OutboxTable(db);
  const entries = new PostEntries(db, months, replyBuckets);
  const outbox = new CassandraOutboxStore(db, outboxTable, clock);
  await outbox.open();
  return {
    users: new CassandraUserStore(db, clock),
    posts: new CassandraPostStore(db, entries, outboxTable, clock),
    timelines: new CassandraAuthorTimelineStore(db, months),
    replies: new CassandraReplyStore(db, replyBuckets),
    outbox,
    blocks: new CassandraBlockStore(db, clock),
    mutes: new CassandraMuteStore(db, clock),
    reposts: new CassandraRepostStore(db),
    idempotency: new CassandraIdempotencyStore(db),
    authorModes: new CassandraAuthorModeStore(db),
    countedSets: new CassandraCountedSetStore(db),
    memberIndex: new CassandraMemberIndexStore(db),
    views: new CassandraViewStore(db),
    workerLeases: new CassandraWorkerLeaseStore(db),
    health: new CassandraHealth(db),
    signals: new CassandraSignals(db, clock),
    close,
  };
}
