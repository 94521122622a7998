import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { CountedSets, decodePosition, encodePosition, MemberIndex, type MemberPage, partitionOf } from '#counters';
import { JointReads } from '#hot-cache';
import {
  Endpoint,
  idOfPosition,
  type List,
  ListCursor,
  listQuery,
  type ListQuery,
  positionOfId,
  postId,
  type UserBody,
  userList,
  type UserReference,
  userReference,
  UserResolver,
} from '#http';
import type { PostId, UserId } from '#ids';
import { AppError } from '#kernel';
import { Presenter, rootOf } from '#presentation';
import { UserLists } from './user-lists.ts';

/** Lists of users: who follows somebody, whom somebody follows, who likes a post. */
@Controller('v1')
export class UserListsController {
  readonly #followersCursor = new ListCursor('followers');
  readonly #followingCursor = new ListCursor('following');
  readonly #likesCursor = new ListCursor('likes');
  /** Who just joined is listed at the next read: what a crowd reads is shared, and not kept. */
  readonly #pagesRead = new JointReads<MemberPage>();

  constructor(
    @Inject(CountedSets) private readonly sets: CountedSets,
    @Inject(MemberIndex) private readonly index: MemberIndex,
    @Inject(UserLists) private readonly lists: UserLists,
    @Inject(UserResolver) private readonly users: UserResolver,
    @Inject(Presenter) private readonly presenter: Presenter,
  ) {}

  @Get('users/:user/followers')
  @Endpoint({
    tag: 'relations',
    summary: 'Who follows a user',
    answers: { 200: userList },
    errors: ['not_found', 'bad_cursor'],
  })
  async followers(
    @Param('user', { schema: userReference }) reference: UserReference,
    @Query({ schema: listQuery }) query: ListQuery,
  ): Promise<List<UserBody>> {
    const { id } = await this.users.get(reference);
    return this.#members('followers', this.#followersCursor, id, query);
  }

  @Get('users/:user/following')
  @Endpoint({
    tag: 'relations',
    summary: 'Whom a user follows',
    answers: { 200: userList },
    errors: ['not_found', 'bad_cursor'],
  })
  async following(
    @Param('user', { schema: userReference }) reference: UserReference,
    @Query({ schema: listQuery }) { cursor, limit }: ListQuery,
  ): Promise<List<UserBody>> {
    const { id } = await this.users.get(reference);
    const cursors = this.#followingCursor;
    const after = cursor === undefined ? 0n : idOfPosition<UserId>(cursors.decode(id, cursor));
    const { subjects, next } = await this.index.page(partitionOf('following', id, 0n), after, limit);
    const items = await this.lists.present(subjects as UserId[]);
    return { items, nextCursor: next === undefined ? null : cursors.encode(id, positionOfId(next)) };
  }

  @Get('posts/:id/likes')
  @Endpoint({
    tag: 'posts',
    summary: 'Who likes a post',
    answers: { 200: userList },
    errors: ['not_found', 'bad_cursor'],
  })
  async likes(
    @Param('id', { schema: postId }) id: PostId,
    @Query({ schema: listQuery }) query: ListQuery,
  ): Promise<List<UserBody>> {
    const root = rootOf(await this.presenter.get(id)).id;
    return this.#members('likes', this.#likesCursor, root, query);
  }

  async #members(
    kind: 'followers' | 'likes',
    cursors: ListCursor,
    subject: bigint,
    { cursor, limit }: ListQuery,
  ): Promise<List<UserBody>> {
    const after = cursor === undefined ? undefined : decodePosition(cursors.decode(subject, cursor));
    if (cursor !== undefined && !after) throw new AppError('bad_cursor');
    const read = () => this.sets.page(kind, subject, { after, limit });
    const { members, next } = await this.#pagesRead.get(`${kind} ${subject} ${cursor ?? ''} ${limit}`, read);
    const items = await this.lists.present(members as UserId[]);
    return { items, nextCursor: next ? cursors.encode(subject, encodePosition(next)) : null };
  }
}
