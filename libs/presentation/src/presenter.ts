import type { PostId, UserId } from '#ids';
import { hydrate, type HydrationSources } from './hydrate.ts';
import { type Liked, postJson, type PostNumbers } from './post-json.ts';
import { type PostView, rootOf } from './post-view.ts';

/** Counts of posts, and whether a viewer likes them; the count includes the viewer's own like at once. */
export interface NumberSource {
  read(
    viewer: UserId | undefined,
    posts: readonly PostId[],
  ): Promise<readonly { readonly numbers: PostNumbers; readonly liked: Liked }[]>;
}

/** Counts views; must cost next to nothing. */
export interface ViewCounting {
  seen(post: PostId): void;
}

/** From ids to posts as JSON: hydration and presentation, for every list of posts. */
export class Presenter {
  constructor(
    private readonly sources: HydrationSources,
    private readonly numbers: NumberSource,
  ) {}

  hydrate(ids: readonly PostId[]): Promise<(PostView | undefined)[]> {
    return hydrate(this.sources, ids);
  }

  /** One batch of numbers for all of them. */
  async present(views: readonly PostView[], viewer: UserId | undefined): Promise<string[]> {
    if (views.length === 0) return [];
    const read = await this.numbers.read(
      viewer,
      views.map((view) => rootOf(view).id),
    );
    return views.map((view, i) => {
      const one = read[i];
      if (!one) throw new Error('a post without numbers');
      return postJson(view, one.numbers, one.liked);
    });
  }
}
