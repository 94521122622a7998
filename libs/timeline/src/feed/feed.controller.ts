import { Controller, Get, Inject, Query } from '@nestjs/common';
import { Endpoint, feedPage, ListCursor, listQuery, type ListQuery, Viewer } from '#http';
import { ABOVE_ALL_IDS, ID_BYTES, type UserId } from '#ids';
import { AppError } from '#kernel';
import { itemsJson, type NumbersFor, pageJson, Presenter, rootOf, ViewCounting } from '#presentation';
import type { FeedPage } from './feed-page.ts';
import { FeedReader } from './feed-reader.ts';

@Controller('v1/feed')
export class FeedController {
  readonly #cursors = new ListCursor('feed');

  constructor(
    @Inject(FeedReader) private readonly feeds: FeedReader,
    @Inject(Presenter) private readonly presenter: Presenter,
    @Inject(ViewCounting) private readonly views: ViewCounting,
  ) {}

  @Get()
  @Endpoint({
    tag: 'feed',
    summary: 'One’s feed, newest first',
    description:
      'The undeleted posts, replies and reposts of those one follows, and one’s own. `state` says why a page may hold ' +
      'less than it should; what is missing comes behind `nextCursor`, or at the next read.',
    answers: { 200: feedPage },
    errors: ['bad_cursor'],
    returnsJson: true,
  })
  async read(@Viewer() viewer: UserId, @Query({ schema: listQuery }) { cursor, limit }: ListQuery): Promise<Buffer> {
    const before = cursor === undefined ? ABOVE_ALL_IDS : this.#decode(cursor);
    const page = await this.feeds.read(viewer, before, limit);
    const numbers = await this.presenter.numbersOf(page.views, viewer);
    for (const view of page.views) this.views.seen(rootOf(view).id);
    return page.sent?.find(numbers) ?? this.#write(page, numbers);
  }

  #write({ views, next, state, sent }: FeedPage, numbers: readonly NumbersFor[]): Buffer {
    const bytes = pageJson(itemsJson(views, numbers), next === undefined ? null : this.#encode(next), state);
    sent?.keep(numbers, bytes);
    return bytes;
  }

  /** The position alone: it is good for any viewer, and gives nothing away. */
  #encode(position: bigint): string {
    const bytes = Buffer.allocUnsafe(ID_BYTES);
    bytes.writeBigUInt64BE(position);
    return this.#cursors.encode(0n, bytes);
  }

  #decode(cursor: string): bigint {
    const bytes = this.#cursors.decode(0n, cursor);
    const position = bytes.length === ID_BYTES ? bytes.readBigUInt64BE() : 0n;
    if (position <= 0n || position > ABOVE_ALL_IDS) throw new AppError('bad_cursor');
    return position;
  }
}
