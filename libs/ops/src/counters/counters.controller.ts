import { Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { totalOf } from '#counters';
import { Endpoint, postId, type UserReference, userReference, UserResolver } from '#http';
import type { PostId } from '#ids';
import { Runtime } from '#runtime';
import type { CountedSubject } from '#storage';
import {
  countedSets,
  type CountedSetsBody,
  type HotSets,
  hotSets,
  type SetChecks,
  setChecks,
} from './counters.schema.ts';
import { hotSubjects, setsOfPost, setsOfUser } from './subjects.ts';

const SHOWN_MAX = 50;
const CHECKED_MAX = 200;
const CHECK = 'Count members one by one, and repair totals that do not fit';

@Controller('v1/ops/counters')
export class CountersController {
  constructor(
    @Inject(Runtime) private readonly runtime: Runtime,
    @Inject(UserResolver) private readonly users: UserResolver,
  ) {}

  @Get()
  @Endpoint({
    tag: 'operations',
    summary: 'The counted sets that this process wrote lately',
    description: 'Those of most shards first, then those with most changes.',
    opsScope: true,
    answers: { 200: hotSets },
  })
  hot(): HotSets {
    const items = this.runtime.sets.hottest(SHOWN_MAX).map(({ subject: { kind, id }, layout, perSecond }) => ({
      kind,
      id: String(id),
      generations: [...layout],
      changesPerSecond: perSecond,
    }));
    return { items };
  }

  @Post('check')
  @HttpCode(200)
  @Endpoint({
    tag: 'operations',
    summary: `${CHECK}: of all that is hot`,
    description: 'Everything that is read or written a lot, or was during the last five minutes.',
    opsScope: true,
    answers: { 200: setChecks },
  })
  checkHot(): Promise<SetChecks> {
    return this.#check(hotSubjects(this.runtime.sets, this.runtime.caches.cache, CHECKED_MAX));
  }

  @Get('posts/:id')
  @Endpoint({
    tag: 'operations',
    summary: 'The counts of a post, shard by shard',
    opsScope: true,
    answers: { 200: countedSets },
  })
  ofPost(@Param('id', { schema: postId }) id: PostId): Promise<CountedSetsBody> {
    return this.#show(setsOfPost(id));
  }

  @Post('posts/:id/check')
  @HttpCode(200)
  @Endpoint({ tag: 'operations', summary: `${CHECK}: of a post`, opsScope: true, answers: { 200: setChecks } })
  checkPost(@Param('id', { schema: postId }) id: PostId): Promise<SetChecks> {
    return this.#check(setsOfPost(id));
  }

  @Post('posts/:id/grow')
  @HttpCode(200)
  @Endpoint({
    tag: 'operations',
    summary: 'Give the likes of a post four times the shards, ahead of a crowd',
    description: 'Growth is for good and needs nobody to ask for it: this is for crowds that are announced.',
    opsScope: true,
    answers: { 200: countedSets },
  })
  async grow(@Param('id', { schema: postId }) id: PostId): Promise<CountedSetsBody> {
    await this.runtime.sets.grow('likes', id);
    return this.#show(setsOfPost(id));
  }

  @Get('users/:user')
  @Endpoint({
    tag: 'operations',
    summary: 'The counts of a user, shard by shard',
    opsScope: true,
    answers: { 200: countedSets },
    errors: ['not_found'],
  })
  async ofUser(@Param('user', { schema: userReference }) user: UserReference): Promise<CountedSetsBody> {
    return this.#show(setsOfUser((await this.users.get(user)).id));
  }

  @Post('users/:user/check')
  @HttpCode(200)
  @Endpoint({
    tag: 'operations',
    summary: `${CHECK}: of a user`,
    opsScope: true,
    answers: { 200: setChecks },
    errors: ['not_found'],
  })
  async checkUser(@Param('user', { schema: userReference }) user: UserReference): Promise<SetChecks> {
    return this.#check(setsOfUser((await this.users.get(user)).id));
  }

  async #show(subjects: CountedSubject[]): Promise<CountedSetsBody> {
    const { sets, stores } = this.runtime;
    const [counts, layouts] = await Promise.all([
      sets.counts(subjects),
      Promise.all(subjects.map((subject) => stores.countedSets.loadLayout(subject))),
    ]);
    const items = subjects.map(({ kind, id }, i) => {
      const shards = (counts[i] ?? []).map(({ generation, shard, total }) => ({ generation, shard, total }));
      return { kind, id: String(id), total: totalOf(counts[i] ?? []), generations: layouts[i] ?? [], shards };
    });
    return { items };
  }

  /** One after the other: a check reads every member, and has time. */
  async #check(subjects: CountedSubject[]): Promise<SetChecks> {
    const { reconciler, stores } = this.runtime;
    const items: SetChecks['items'] = [];
    for (const subject of subjects) {
      const { members, drift, doubles, busyShards } = await reconciler.check(subject);
      const generations = await stores.countedSets.loadLayout(subject);
      items.push({ kind: subject.kind, id: String(subject.id), members, drift, doubles, busyShards, generations });
    }
    return { items };
  }
}
