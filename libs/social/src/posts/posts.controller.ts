import { Body, Controller, Delete, Headers, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { Endpoint, newPost, type NewPost, post as postSchema, postId, type Reply, Viewer } from '#http';
import { idOf, type PostId, type UserId } from '#ids';
import { AppError } from '#kernel';
import { Presenter } from '#presentation';
import { type Answer, Idempotency } from './idempotency.ts';
import { PostWriter, type WrittenPost } from './post-writer.ts';
import { TargetPosts } from './target-posts.ts';

const KEY = /^[\x21-\x7e]{1,128}$/;

@Controller('v1/posts')
export class PostsController {
  constructor(
    @Inject(PostWriter) private readonly writer: PostWriter,
    @Inject(Idempotency) private readonly idempotency: Idempotency,
    @Inject(TargetPosts) private readonly targets: TargetPosts,
    @Inject(Presenter) private readonly presenter: Presenter,
  ) {}

  @Post()
  @Endpoint({
    tag: 'posts',
    summary: 'Post, reply, or repost',
    description: 'Reposting again answers the first repost, with 200.',
    headers: {
      'Idempotency-Key': '1 to 128 visible ASCII characters: a repetition within 24 hours gets the first answer.',
    },
    answers: { 201: postSchema, 200: postSchema },
    errors: ['not_found', 'blocked', 'idempotency_in_progress', 'idempotency_mismatch'],
    returnsJson: true,
  })
  async create(
    @Viewer() viewer: UserId,
    @Body({ schema: newPost }) body: NewPost,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const work = (id: PostId) => this.#write(id, viewer, body);
    const answer =
      key === undefined
        ? await work(this.writer.newId())
        : await this.#checkAlive(await this.idempotency.run(viewer, checkKey(key), fingerprintable(body), work));
    reply.code(answer.status);
    return answer.body;
  }

  @Delete(':id')
  @HttpCode(204)
  @Endpoint({
    tag: 'posts',
    summary: 'Delete a post of one’s own',
    answers: { 204: null },
    errors: ['not_found', 'not_author'],
  })
  async delete(@Viewer() viewer: UserId, @Param('id', { schema: postId }) id: PostId): Promise<void> {
    await this.writer.delete(id, viewer);
  }

  async #write(id: PostId, viewer: UserId, body: NewPost): Promise<Answer> {
    const written =
      body.kind === 'repost'
        ? await this.writer.repost(id, viewer, body.repostOf)
        : await this.writer.post(id, viewer, body.text, body.replyTo);
    return { status: written.created ? 201 : 200, body: await this.#bodyOf(written, viewer) };
  }

  async #bodyOf({ post }: WrittenPost, viewer: UserId): Promise<string> {
    const [view] = await this.presenter.hydrate([post.id]);
    if (!view) throw new AppError('not_found'); // deleted at this very moment
    const [json = ''] = await this.presenter.present([view], viewer);
    return json;
  }

  async #checkAlive(answer: Answer): Promise<Answer> {
    const { id } = JSON.parse(answer.body) as { id: string };
    await this.targets.get(idOf<PostId>(id));
    return answer;
  }
}

function checkKey(key: string): string {
  if (KEY.test(key)) return key;
  const detail = 'must have 1 to 128 visible ASCII characters';
  throw new AppError('validation_failed', 'the Idempotency-Key is not valid', {
    errors: [{ field: 'Idempotency-Key', code: 'malformed', detail }],
  });
}

/** The request as plain JSON. */
function fingerprintable(body: NewPost): unknown {
  return body.kind === 'repost'
    ? ['repost', String(body.repostOf)]
    : ['post', body.text, body.replyTo === undefined ? null : String(body.replyTo)];
}
