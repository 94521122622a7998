import type { PostId } from '#ids';
import type { Presenter, PostView } from '#presentation';

export interface PostPage {
  readonly views: readonly PostView[];
  /** The last id looked at, when there may be more. */
  readonly last: PostId | undefined;
}

/** Reads a list of post ids on behind `after`: fewer than asked for mean that it ends. */
export type IdLister = (after: bigint | undefined, limit: number) => Promise<PostId[]>;

/**
 * A full page of a list whose entries may lead to deleted posts (or to reposts of such): reads on until the page is full
 * or the list is at its end.
 */
export async function fillPage(
  list: IdLister,
  presenter: Presenter,
  after: bigint | undefined,
  limit: number,
): Promise<PostPage> {
  const views: PostView[] = [];
  for (let from = after; ;) {
    const wanted = limit - views.length;
    const ids = await list(from, wanted);
    for (const view of await presenter.hydrate(ids)) if (view) views.push(view);
    const last = ids.at(-1);
    if (last === undefined || ids.length < wanted) return { views, last: undefined };
    if (views.length === limit) return { views, last };
    from = last;
  }
}
