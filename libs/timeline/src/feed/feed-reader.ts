import type { UserId } from '#ids';
import type { Presenter, PostView } from '#presentation';
import type { BlockStore } from '#storage';
import { authorsOf, Collapse, isVisible } from '../page/rules.ts';
import type { FeedPage, FeedState } from './feed-page.ts';
import type { FeedScans } from './feed-scans.ts';
import type { PageBasis } from './page-basis.ts';
import type { RememberedPages } from './remembered-pages.ts';
import type { Scan, ScanStep } from './scan.ts';
import { TruthScan } from './truth-scan.ts';

/** Entries that one page looks at before it gives up finding more that may be shown. */
const EXAMINED_MAX = 2_000;

/** The most that is hydrated at a time. */
const CHUNK_MAX = 200;

/** Reads pages of feeds: scan (skeleton), hydrate, rules; presenting is the caller's. */
export class FeedReader {
  constructor(
    private readonly scans: FeedScans,
    private readonly presenter: Presenter,
    private readonly blocks: BlockStore,
    private readonly remembered: RememberedPages,
    private readonly onRead: (state: FeedState) => void,
  ) {}

  async read(viewer: UserId, before: bigint, limit: number): Promise<FeedPage> {
    const page = await this.#page(await this.scans.begin(viewer, before, limit), before, limit);
    this.onRead(page.state);
    return page;
  }

  async #page(start: PageBasis | TruthScan, before: bigint, limit: number): Promise<FeedPage> {
    if (start instanceof TruthScan) return (await this.#fill(start, before, limit)).close();
    const known = this.remembered.find(start);
    if (known) return known;
    const scan = await this.scans.open(start);
    const made = await this.#fill(scan, before, limit);
    const page = made.close();
    if (made.hidNothing && scan.heads) this.remembered.keep(start, page, scan.heads);
    return page;
  }

  async #fill(scan: Scan, before: bigint, limit: number): Promise<PageInProgress> {
    const page = new PageInProgress(scan, before, limit);
    for (let chunk = limit; !page.isDone; chunk = Math.min(chunk * 2, CHUNK_MAX)) {
      const step = await scan.take(chunk);
      const views = await this.presenter.hydrate(step.entries.map((entry) => entry.postId));
      page.examine(step, views, await this.#blockedAmong(views, scan));
    }
    return page;
  }

  #blockedAmong(
    views: readonly (PostView | undefined)[],
    { relations }: Scan,
  ): ReadonlySet<UserId> | Promise<ReadonlySet<UserId>> {
    if (!relations.hasBlocks) return NOBODY;
    return this.blocks.findBetween(relations.viewer, authorsOf(views, relations.viewer));
  }
}

const NOBODY: ReadonlySet<UserId> = new Set();

class PageInProgress {
  readonly #views: PostView[] = [];
  readonly #collapse = new Collapse();
  #examined = 0;
  #next: bigint | undefined;
  #state: FeedState;
  isDone = false;

  constructor(
    private readonly scan: Scan,
    before: bigint,
    private readonly limit: number,
  ) {
    this.#next = before;
    this.#state = scan.state;
  }

  examine({ entries, stop }: ScanStep, views: readonly (PostView | undefined)[], blocked: ReadonlySet<UserId>): void {
    for (const [i, entry] of entries.entries()) {
      const view = views[i];
      this.#next = entry.postId;
      this.#examined++;
      if (isVisible(view, this.scan.relations, blocked) && this.#collapse.admits(view)) this.#views.push(view);
      if (this.#views.length < this.limit) continue;
      this.isDone = true;
      if (i === entries.length - 1 && stop === 'ended') this.#next = undefined;
      return;
    }
    if (stop) this.#stop(stop);
    else if (this.#examined >= EXAMINED_MAX) this.#giveUp();
  }

  /** Whether every entry that was looked at is on the page. */
  get hidNothing(): boolean {
    return this.#views.length === this.#examined;
  }

  close(): FeedPage {
    return { views: this.#views, next: this.#next, state: this.#state };
  }

  #stop(stop: Exclude<ScanStep['stop'], undefined>): void {
    this.isDone = true;
    if (stop === 'ended') this.#next = undefined;
    else {
      this.#next = stop.wall + 1n; // what was cut at the wall is the first of the next page
      this.#state = 'degraded';
    }
  }

  #giveUp(): void {
    this.isDone = true;
    this.#state = 'degraded';
  }
}
