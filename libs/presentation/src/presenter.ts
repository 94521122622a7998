import type { PostId, UserId } from '#ids';
import { AppError } from '#kernel';
import { holdViews, type Holding, hydrate, type HydrationSources } from './hydrate.ts';
import { type Liked, postJson, type PostNumbers } from './post-json.ts';
import { type PostView, rootOf } from './post-view.ts';

export interface NumbersFor {
  readonly numbers: PostNumbers;
  readonly liked: Liked;
}

/** Counts of posts, and whether a viewer likes them; the count includes the viewer's own like at once. */
export interface NumberSource {
  /** In the order of the posts, one batch for all. */
  read(viewer: UserId | undefined, posts: readonly PostId[]): Promise<readonly NumbersFor[]>;
  /** Those of a reader without a token, if they are in this process. */
  peek(post: PostId): PostNumbers | undefined;
}

/** Counts views; must cost next to nothing. */
export abstract class ViewCounting {
  abstract seen(post: PostId): void;
}

/** From ids to posts as JSON: hydration and presentation, for every list of posts. */
export class Presenter {
  constructor(
    private readonly sources: HydrationSources,
    private readonly numbers: NumberSource,
  ) {}

  /** In the order of the ids; undefined for what is deleted or unknown. */
  hydrate(ids: readonly PostId[]): Promise<(PostView | undefined)[]> {
    return hydrate(this.sources, ids);
  }

  /** @throws AppError `not_found` for what is deleted or unknown. */
  async get(id: PostId): Promise<PostView> {
    const [view] = await this.hydrate([id]);
    if (!view) throw new AppError('not_found', 'there is no such post');
    return view;
  }

  /** Holds on to what the views were made of; undefined where that is not what would be found now. */
  hold(views: readonly PostView[]): Holding[] | undefined {
    return holdViews(this.sources, views);
  }

  async present(views: readonly PostView[], viewer: UserId | undefined): Promise<string[]> {
    return itemsJson(views, await this.numbersOf(views, viewer));
  }

  async presentOne(view: PostView, viewer: UserId | undefined): Promise<NumbersFor & { readonly json: string }> {
    const { numbers, liked } = at(await this.numbersOf([view], viewer), 0);
    return { numbers, liked, json: postJson(view, numbers, liked) };
  }

  /** In the order of the views. */
  async numbersOf(views: readonly PostView[], viewer: UserId | undefined): Promise<readonly NumbersFor[]> {
    if (views.length === 0) return [];
    return this.numbers.read(
      viewer,
      views.map((view) => rootOf(view).id),
    );
  }
}

/** Each view as JSON with its numbers. */
export function itemsJson(views: readonly PostView[], read: readonly NumbersFor[]): string[] {
  return views.map((view, i) => {
    const { numbers, liked } = at(read, i);
    return postJson(view, numbers, liked);
  });
}

function at(read: readonly NumbersFor[], i: number): NumbersFor {
  const one = read[i];
  if (!one) throw new Error('a post without numbers');
  return one;
}
