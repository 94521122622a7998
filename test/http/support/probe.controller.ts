import { EventEmitter, once } from 'node:events';
import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query, Req, Res } from '@nestjs/common';
import * as z from 'zod';
import {
  Endpoint,
  etagOf,
  followState,
  isUnchanged,
  ListCursor,
  type ListQuery,
  listQuery,
  MaybeViewer,
  newPost,
  type NewPost,
  postId,
  type Reply,
  type Request,
  Viewer,
} from '#http';
import type { PostId, UserId } from '#ids';
import { AppError } from '#kernel';

/** Requests for `/v1/slow` wait for its `go on`. */
export const slowly = new EventEmitter();

const anything = z.unknown();
const cursors = new ListCursor('probe');

/** One route of every kind. */
@Controller('v1')
export class ProbeController {
  @Get('me')
  @Endpoint({ tag: 'accounts', summary: 'me', answers: { 200: anything } })
  me(@Viewer() viewer: UserId): { id: string } {
    return { id: String(viewer) };
  }

  @Get('posts/:id')
  @Endpoint({ tag: 'posts', summary: 'post', token: 'optional', returnsJson: true, answers: { 200: anything } })
  post(
    @Param('id', { schema: postId }) id: PostId,
    @MaybeViewer() viewer: UserId | undefined,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Buffer | undefined {
    const body = JSON.stringify({ id: String(id), viewer: viewer === undefined ? null : String(viewer) });
    return isUnchanged(etagOf(body), request, reply) ? undefined : Buffer.from(body);
  }

  @Post('posts')
  @Endpoint({ tag: 'posts', summary: 'create', answers: { 201: anything } })
  create(@Body({ schema: newPost }) body: NewPost): { kind: string } {
    return { kind: body.kind };
  }

  @Post('entry')
  @Endpoint({ tag: 'accounts', summary: 'entry', token: 'optional', limit: 'entry', answers: { 201: anything } })
  enter(@Body({ schema: newPost }) body: NewPost): { kind: string } {
    return { kind: body.kind };
  }

  @Patch('me')
  @Endpoint({ tag: 'accounts', summary: 'change', answers: { 200: anything } })
  change(@Body({ schema: z.strictObject({ displayName: z.string() }) }) body: object): object {
    return body;
  }

  @Put('posts/:id/like')
  @Endpoint({ tag: 'posts', summary: 'like', answers: { 200: followState } })
  like(@Param('id', { schema: postId }) _id: PostId): { following: boolean } {
    return { following: true };
  }

  @Delete('posts/:id/like')
  @Endpoint({ tag: 'posts', summary: 'unlike', answers: { 200: followState } })
  unlike(@Param('id', { schema: postId }) _id: PostId): { following: boolean } {
    return { following: false };
  }

  @Get('list')
  @Endpoint({ tag: 'feed', summary: 'list', errors: ['bad_cursor'], answers: { 200: anything } })
  list(@Query({ schema: listQuery }) { limit, cursor }: ListQuery): object {
    if (cursor !== undefined) cursors.decode(0n, cursor);
    return { limit, nextCursor: cursors.encode(0n, Buffer.from('position')) };
  }

  @Get('slow')
  @Endpoint({ tag: 'feed', summary: 'slow', answers: { 200: anything } })
  async slow(): Promise<object> {
    await once(slowly, 'go on');
    return { done: true };
  }

  @Get('stream')
  @Endpoint({ tag: 'feed', summary: 'stream', streams: true, answers: { 200: anything } })
  stream(): string {
    return 'data: x\n\n';
  }

  @Get('ops')
  @Endpoint({ tag: 'operations', summary: 'ops', opsScope: true, answers: { 200: anything } })
  ops(): object {
    return {};
  }

  @Get('fail/:how')
  @Endpoint({ tag: 'operations', summary: 'fail', answers: { 200: anything } })
  fail(@Param('how') how: string): never {
    if (how === 'defect') throw new Error('the secret of the defect');
    if (how === 'odd') throw 'a string'; // eslint-disable-line @typescript-eslint/only-throw-error -- somebody might
    throw new AppError('unavailable', 'the store is away', { retryAfterMs: 2_500 });
  }
}
