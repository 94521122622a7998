import { ApiClient, type ApiPage, until } from '#test';
import { Operator } from '../../apps/cli/src/operator/operator.ts';

const FOLLOWS_PER_CALL = 1_300;
/** Followers whose inboxes are warm, spread over all of them. */
const READERS = 12;

/** An author with many followers, most of whom nobody has ever seen; some read. */
export class LargeFanOut {
  readonly #posts: string[] = [];

  private constructor(
    private readonly star: ApiClient,
    private readonly readers: readonly ApiClient[],
  ) {}

  static async prepare(url: string, secret: string, followers: number): Promise<LargeFanOut> {
    const star = await ApiClient.register(url, 'star');
    const operator = await Operator.open({ BASE_URL: url, AUTH_SECRET: secret });
    const fans = Array.from({ length: followers }, (_, i) => BigInt(i + 1) << 22n); // older than any account
    for (let at = 0; at < followers; at += FOLLOWS_PER_CALL) {
      const follows = fans.slice(at, at + FOLLOWS_PER_CALL).map((fan) => [String(fan), star.id]);
      await operator.call('POST', '/v1/ops/import/follows', { follows });
    }
    const reading = fans.filter((_, i) => i % Math.ceil(followers / READERS) === 0);
    const readerOf = async (fan: bigint): Promise<ApiClient> =>
      new ApiClient(url, String(fan), await operator.issueToken(fan as Parameters<Operator['issueToken']>[0]));
    const fanOut = new LargeFanOut(star, await Promise.all(reading.map(readerOf)));
    await fanOut.#until((page) => page.state === 'complete');
    return fanOut;
  }

  async post(count: number): Promise<void> {
    for (let i = 0; i < count; i++) this.#posts.push((await this.star.post(`to all of you: ${i}`)).id);
  }

  /** How many of the readers lack how many of the posts so far. */
  async lacking(): Promise<number[]> {
    const pages = await Promise.all(this.readers.map((reader) => reader.feed(100)));
    return pages.map(({ items }) => this.#posts.length - items.length).filter((missing) => missing > 0);
  }

  /** Every reader has every post once, newest first. */
  async untilComplete(): Promise<void> {
    const newestFirst = JSON.stringify([...this.#posts].reverse());
    await this.#until(
      ({ state, items }) => state === 'complete' && JSON.stringify(items.map(({ id }) => id)) === newestFirst,
    );
  }

  async #until(done: (page: ApiPage) => boolean): Promise<void> {
    for (const reader of this.readers) await until(() => reader.feed(100), done, { deadlineMs: 60_000, everyMs: 50 });
  }
}
