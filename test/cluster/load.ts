import { randomUUID } from 'node:crypto';
import { ApiClient, type ApiPage, until } from '#test';

export interface LoadReport {
  /** Why they failed. Reads are not repeated; writes are, with their key, until they are acknowledged. */
  readonly failedReads: readonly string[];
  readonly failedWrites: readonly string[];
}

/** Between two requests of one reader or writer, so that the load stays small. */
const PAUSE_MS = 20;
/** Load before and after the fault. */
const MARGIN_MS = 1_000;

/** Authors who post and followers who read, all the time; each follower follows each author. */
export class Load {
  /** Acknowledged posts. */
  readonly #posts: string[] = [];

  private constructor(
    private readonly authors: readonly ApiClient[],
    private readonly viewers: readonly ApiClient[],
  ) {}

  /** Makes the accounts, and waits until every follower's feed is complete. */
  static async prepare(url: string, authorCount: number, viewerCount: number): Promise<Load> {
    const people = (prefix: string, count: number): Promise<ApiClient[]> =>
      Promise.all(Array.from({ length: count }, (_, i) => ApiClient.register(url, `${prefix}_${i}`)));
    const [authors, viewers] = [await people('author', authorCount), await people('viewer', viewerCount)];
    for (const viewer of viewers)
      await Promise.all(authors.map(({ id }) => viewer.expect('PUT', `/v1/users/${id}/follow`)));
    for (const viewer of viewers)
      await until(
        () => viewer.feed(),
        ({ state }) => state === 'complete',
      );
    return new Load(authors, viewers);
  }

  /** Keeps everybody busy from a second before the fault to a second after it. */
  async during(fault: () => Promise<unknown>): Promise<LoadReport> {
    const report = { failedReads: [] as string[], failedWrites: [] as string[] };
    let going = true;
    const again = async (work: () => Promise<unknown>): Promise<void> => {
      while (going) {
        await work();
        await pause(PAUSE_MS);
      }
    };
    const read = (viewer: ApiClient): Promise<unknown> =>
      viewer.feed(5).catch((error: unknown) => report.failedReads.push(String(error)));
    const busy = [
      ...this.authors.map((author) => again(() => this.#post(author, report.failedWrites))),
      ...this.viewers.map((viewer) => again(() => read(viewer))),
    ];
    await pause(MARGIN_MS);
    try {
      await fault();
      await pause(MARGIN_MS);
    } finally {
      going = false;
    }
    await Promise.all(busy);
    return report;
  }

  /** Every follower's feed has every acknowledged post once, newest first, and nothing else. */
  async untilFeedsAreTrue(): Promise<void> {
    const newestFirst = [...this.#posts].sort((a, b) => (BigInt(a) < BigInt(b) ? 1 : -1));
    for (const viewer of this.viewers)
      await until(
        () => scroll(viewer, newestFirst.length),
        (ids) => JSON.stringify(ids) === JSON.stringify(newestFirst),
        { deadlineMs: 60_000, everyMs: 100 },
      );
  }

  async #post(author: ApiClient, failures: string[]): Promise<void> {
    const key = { 'idempotency-key': randomUUID() };
    const write = async (): Promise<boolean> => {
      const { status, json } = await author.request('POST', '/v1/posts', { text: 'in the middle of it' }, key);
      if (status !== 201) throw new Error(`${status} ${JSON.stringify(json)}`);
      this.#posts.push((json as { id: string }).id);
      return true;
    };
    const tryOnce = (): Promise<boolean> =>
      write().catch((error: unknown) => {
        failures.push(String(error));
        return false;
      });
    await until(tryOnce, Boolean, { deadlineMs: 60_000, everyMs: 100 });
  }
}

/** All of a feed; nothing as long as a page is not complete. */
async function scroll(viewer: ApiClient, postsMax: number): Promise<string[]> {
  const ids: string[] = [];
  let page: ApiPage | undefined;
  do {
    page = await viewer.feed(100, page?.nextCursor);
    if (page.state !== 'complete') return [];
    ids.push(...page.items.map(({ id }) => id));
  } while (page.nextCursor !== null && ids.length <= postsMax);
  return ids;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
