import { LRUCache } from 'lru-cache';
import type { UserId } from '#ids';
import type { AuthorHead, HeldLookup, Holding, Presenter } from '#presentation';
import type { FeedPage } from './feed-page.ts';
import { isSameBasis, mergedAuthors, type PageBasis } from './page-basis.ts';
import { SentPage } from './sent-page.ts';

interface Remembered {
  readonly basis: PageBasis;
  /** Undefined until the page is asked for again. */
  readonly made: { readonly page: FeedPage; readonly holdings: readonly Holding[] } | undefined;
}

/** Some 10 KB each. */
const VIEWERS_MAX = 2_000;

/**
 * The page that each viewer read last, for those who read it again and again: when something is going on, people pull to
 * refresh, and mostly nothing has changed. A page is given again if it would be made of the very same parts: inbox,
 * relations and sources are read as for any page and compared, and the cache must still hold the same heads, posts and
 * authors. So it is never older than a page that is made. Numbers are not part of it.
 */
export class RememberedPages {
  readonly #pages = new LRUCache<UserId, Remembered>({ max: VIEWERS_MAX });

  constructor(
    private readonly heads: HeldLookup<UserId, AuthorHead>,
    private readonly presenter: Pick<Presenter, 'hold'>,
  ) {}

  find(basis: PageBasis): FeedPage | undefined {
    const known = this.#pages.get(basis.relations.viewer);
    if (!known?.made || !isSameBasis(known.basis, basis)) return undefined;
    return known.made.holdings.every((holding) => holding.isCurrent) ? known.made.page : undefined;
  }

  /** @param heads that were merged, in the order of `mergedAuthors`. */
  keep(basis: PageBasis, page: FeedPage, heads: readonly AuthorHead[]): void {
    const { viewer } = basis.relations;
    const known = this.#pages.get(viewer);
    const isAskedAgain = known !== undefined && isSameBasis(known.basis, basis);
    this.#pages.set(viewer, { basis, made: isAskedAgain ? this.#hold(basis, page, heads) : undefined });
  }

  #hold(basis: PageBasis, page: FeedPage, heads: readonly AuthorHead[]): Remembered['made'] {
    const merged = this.heads.hold(mergedAuthors(basis));
    const shown = this.presenter.hold(page.views);
    return merged?.isMadeOf(heads) && shown
      ? { page: { ...page, sent: new SentPage() }, holdings: [merged, ...shown] }
      : undefined;
  }
}
