import { Module, type Provider } from '@nestjs/common';
import type { PostId } from '#ids';
import { announcePost, invalidatePost, retractPost, Runtime } from '#runtime';
import { AccountsModule } from './accounts/accounts.module.ts';
import { Importer } from './imports/importer.ts';
import { ImportsController } from './imports/imports.controller.ts';
import { LIKED_POSTS, LikesController } from './likes/likes.controller.ts';
import { Idempotency } from './posts/idempotency.ts';
import { PostWriter } from './posts/post-writer.ts';
import { PostsController } from './posts/posts.controller.ts';
import { TargetPosts } from './posts/target-posts.ts';
import { RelationChanges } from './relations/relation-changes.ts';
import { RelationsWriter } from './relations/relations-writer.ts';
import { RelationsController } from './relations/relations.controller.ts';

const providers: Provider[] = [
  {
    provide: TargetPosts,
    inject: [Runtime],
    useFactory: ({ stores }: Runtime) => new TargetPosts(stores.posts, stores.blocks),
  },
  {
    // A crowd that likes one post must not read that one row of the store each time.
    provide: LIKED_POSTS,
    inject: [Runtime],
    useFactory: ({ stores, caches }: Runtime) =>
      new TargetPosts({ find: async (id) => caches.posts.get(id) }, stores.blocks),
  },
  {
    provide: PostWriter,
    inject: [Runtime, TargetPosts],
    useFactory: ({ ids, stores, inboxes, modes, dispatcher, caches, tasks, clock }: Runtime, targets: TargetPosts) =>
      new PostWriter(ids, { ...stores, inboxes }, targets, modes, {
        invalidate: (post) => invalidatePost(caches, post),
        announce: (post) => announcePost(caches, post),
        retract: (post) => retractPost(caches, post),
        dispatcher,
        tasks,
        clock,
      }),
  },
  {
    provide: Idempotency,
    inject: [Runtime],
    useFactory: ({ stores, ids, clock }: Runtime) =>
      new Idempotency(stores.idempotency, () => ids.next<PostId>(), clock),
  },
  {
    provide: RelationChanges,
    inject: [Runtime],
    useFactory: ({ ids, inboxes, bus, clock }: Runtime) => new RelationChanges(inboxes, bus, () => ids.next(), clock),
  },
  {
    provide: RelationsWriter,
    inject: [Runtime, RelationChanges],
    useFactory: ({ stores, memberships, inboxes, tasks }: Runtime, changes: RelationChanges) =>
      new RelationsWriter({ ...stores, memberships, inboxes }, changes, tasks),
  },
  {
    provide: Importer,
    inject: [Runtime, PostWriter, RelationChanges],
    useFactory: (runtime: Runtime, posts: PostWriter, changes: RelationChanges) => {
      const { stores, memberships, passwords, ids, clock } = runtime;
      return new Importer({ ...stores, memberships }, posts, changes, passwords, { ids, clock });
    },
  },
];

/** All writes: accounts, posts, relations, likes. */
@Module({
  imports: [AccountsModule],
  controllers: [PostsController, RelationsController, LikesController, ImportsController],
  providers,
})
export class SocialModule {}
