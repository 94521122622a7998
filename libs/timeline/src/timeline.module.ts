import { Inject, Module, type OnModuleDestroy, type OnModuleInit, type Provider } from '@nestjs/common';
import { partitionOf } from '#counters';
import type { UserId } from '#ids';
import { ReadyAnswers } from '#http';
import { Runtime } from '#runtime';
import { InboxBuilder } from './build/inbox-builder.ts';
import { FeedReader } from './feed/feed-reader.ts';
import { feedReads } from './feed/feed-reads.ts';
import { FeedScans } from './feed/feed-scans.ts';
import { RememberedPages } from './feed/remembered-pages.ts';
import { FeedController } from './feed/feed.controller.ts';
import { AuthorPosts } from './lists/author-posts.ts';
import { offerReadyPosts } from './lists/offer-ready-posts.ts';
import { PostReadsController } from './lists/post-reads.controller.ts';
import { UserListsController } from './lists/user-lists.controller.ts';
import { UserLists } from './lists/user-lists.ts';
import { FeedRepairController } from './repair/feed-repair.controller.ts';
import { FeedRepair } from './repair/feed-repair.ts';
import { FollowList } from './relations/follow-list.ts';
import { RelationsReader } from './relations/relations-reader.ts';
import { PostEvents } from './stream/post-events.ts';
import { StreamHub } from './stream/stream-hub.ts';
import { StreamController } from './stream/stream.controller.ts';

const providers: Provider[] = [
  {
    provide: RelationsReader,
    inject: [Runtime],
    useFactory: ({ memberIndex, stores, clock }: Runtime) => {
      const loadFollows = async (viewer: UserId) => {
        const { subjects, since } = await memberIndex.load(partitionOf('following', viewer, 0n));
        return new FollowList(subjects, since);
      };
      return new RelationsReader(loadFollows, stores.mutes, stores.blocks, clock);
    },
  },
  {
    provide: InboxBuilder,
    inject: [Runtime, RelationsReader],
    useFactory: ({ inboxes, stores, roster, config, clock, ids }: Runtime, relations: RelationsReader) =>
      new InboxBuilder(inboxes, relations, stores.timelines, roster, clock, {
        entriesMax: config.feed.inboxEntriesMax,
        nonce: () => ids.next(),
      }),
  },
  {
    provide: FeedReader,
    inject: [Runtime, RelationsReader, InboxBuilder],
    useFactory: (runtime: Runtime, relations: RelationsReader, builder: InboxBuilder) => {
      const { inboxes, stores, caches, roster, clock, config, presenter, metrics } = runtime;
      const sources = { inboxes, timelines: stores.timelines, heads: caches.heads, relations, builder, roster };
      const scans = new FeedScans(sources, clock, config.feed);
      const remembered = new RememberedPages(caches.heads, presenter);
      return new FeedReader(scans, presenter, stores.blocks, remembered, feedReads(metrics));
    },
  },
  {
    provide: FeedRepair,
    inject: [Runtime, RelationsReader, InboxBuilder],
    useFactory: ({ inboxes, stores, roster }: Runtime, relations: RelationsReader, builder: InboxBuilder) =>
      new FeedRepair(inboxes, relations, stores.timelines, builder, roster),
  },
  {
    provide: AuthorPosts,
    inject: [Runtime],
    useFactory: ({ stores, caches, roster }: Runtime) =>
      new AuthorPosts({ timelines: stores.timelines, heads: caches.heads, roster }),
  },
  {
    provide: UserLists,
    inject: [Runtime],
    useFactory: ({ caches, profileCounts }: Runtime) => new UserLists(caches.users, profileCounts),
  },
  {
    provide: StreamHub,
    inject: [Runtime, RelationsReader],
    useFactory: ({ bus, presenter, stores, clock, logger }: Runtime, relations: RelationsReader) =>
      new StreamHub(bus, new PostEvents(presenter, stores.blocks), relations, clock, (err) =>
        logger.error({ err }, 'streams could not be served an event'),
      ),
  },
];

/** All reads of posts and lists, the feed, and the stream. */
@Module({
  controllers: [FeedController, StreamController, PostReadsController, UserListsController, FeedRepairController],
  providers,
})
export class TimelineModule implements OnModuleInit, OnModuleDestroy {
  constructor(
    @Inject(StreamHub) private readonly streams: StreamHub,
    @Inject(Runtime) runtime: Runtime,
    @Inject(ReadyAnswers) ready: ReadyAnswers,
  ) {
    if (!runtime.config.cache.without.includes('jsonBytes')) offerReadyPosts(ready, runtime);
  }

  onModuleInit(): void {
    this.streams.start();
  }

  /** Before the server closes: it waits for every response, and a stream would go on for ever. */
  onModuleDestroy(): void {
    this.streams.stop();
  }
}
