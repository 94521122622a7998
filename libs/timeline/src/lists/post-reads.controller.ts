import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import {
  Endpoint,
  etagOf,
  idOfPosition,
  isUnchanged,
  ListCursor,
  listQuery,
  type ListQuery,
  MaybeViewer,
  positionOfId,
  post as postSchema,
  postId,
  postList,
  type Reply,
  type Request,
  type UserReference,
  userReference,
  UserResolver,
} from '#http';
import { JointReads } from '#hot-cache';
import type { PostId, UserId } from '#ids';
import { pageJson, Presenter, rootOf, stableJson, ViewCounting } from '#presentation';
import { ReplyStore } from '#storage';
import { AuthorPosts } from './author-posts.ts';
import { fillPage, type IdLister } from './post-lists.ts';

/** Posts that anybody may read: one, an author's, a post's replies. */
@Controller('v1')
export class PostReadsController {
  readonly #postsCursor = new ListCursor('posts');
  readonly #repliesCursor = new ListCursor('replies');
  /** One's own reply shows at the next read: what a crowd reads is shared, and not kept. */
  readonly #repliesRead = new JointReads<PostId[]>();

  constructor(
    @Inject(Presenter) private readonly presenter: Presenter,
    @Inject(AuthorPosts) private readonly authorPosts: AuthorPosts,
    @Inject(ReplyStore) private readonly replies: ReplyStore,
    @Inject(UserResolver) private readonly users: UserResolver,
    @Inject(ViewCounting) private readonly views: ViewCounting,
  ) {}

  @Get('posts/:id')
  @Endpoint({
    tag: 'posts',
    summary: 'A post',
    token: 'optional',
    answers: { 200: postSchema, 304: null },
    errors: ['not_found'],
    returnsJson: true,
  })
  async find(
    @Param('id', { schema: postId }) id: PostId,
    @MaybeViewer() viewer: UserId | undefined,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string | undefined> {
    const view = await this.presenter.get(id);
    this.views.seen(rootOf(view).id);
    const { json, numbers, liked } = await this.presenter.presentOne(view, viewer);
    return isUnchanged(etagOf(stableJson(view, numbers, liked)), request, reply) ? undefined : json;
  }

  @Get('users/:user/posts')
  @Endpoint({
    tag: 'posts',
    summary: 'The posts of a user, newest first',
    token: 'optional',
    answers: { 200: postList },
    errors: ['not_found', 'bad_cursor'],
    returnsJson: true,
  })
  async postsOf(
    @Param('user', { schema: userReference }) reference: UserReference,
    @Query({ schema: listQuery }) query: ListQuery,
    @MaybeViewer() viewer: UserId | undefined,
  ): Promise<Buffer> {
    const { id } = await this.users.get(reference);
    return this.#page(this.#postsCursor, id, this.authorPosts.listerOf(id), query, viewer);
  }

  @Get('posts/:id/replies')
  @Endpoint({
    tag: 'posts',
    summary: 'The replies to a post, oldest first',
    token: 'optional',
    answers: { 200: postList },
    errors: ['not_found', 'bad_cursor'],
    returnsJson: true,
  })
  async repliesTo(
    @Param('id', { schema: postId }) id: PostId,
    @Query({ schema: listQuery }) query: ListQuery,
    @MaybeViewer() viewer: UserId | undefined,
  ): Promise<Buffer> {
    const root = rootOf(await this.presenter.get(id)).id;
    const list: IdLister = (after = 0n, limit) =>
      this.#repliesRead.get(`${root} ${after} ${limit}`, () => this.replies.list(root, after, limit));
    return this.#page(this.#repliesCursor, root, list, query, viewer);
  }

  async #page(
    cursors: ListCursor,
    subject: bigint,
    list: IdLister,
    { cursor, limit }: ListQuery,
    viewer: UserId | undefined,
  ): Promise<Buffer> {
    const after = cursor === undefined ? undefined : idOfPosition<PostId>(cursors.decode(subject, cursor));
    const { views, last } = await fillPage(list, this.presenter, after, limit);
    const next = last === undefined ? null : cursors.encode(subject, positionOfId(last));
    return pageJson(await this.presenter.present(views, viewer), next);
  }
}
