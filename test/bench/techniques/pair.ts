import type { Technique } from '#config';
import { type ApiAnswer, ApiClient, ServerProcess, until } from '#test';
import { type Samples, scrape } from '../feed/samples.ts';

/** Kinds of cached things that a read of one post needs. */
export const POST_KINDS = ['post', 'user', 'counts', 'views'] as const;

/** Two processes of the whole application over one store and one Redis, told to go without some techniques. */
export class Pair {
  private constructor(
    readonly first: ServerProcess,
    readonly second: ServerProcess,
  ) {}

  static async open(env: Readonly<Record<string, string>>, without: readonly Technique[]): Promise<Pair> {
    const own = { ...env, CACHE_WITHOUT: without.length === 0 ? 'nothing' : without.join() };
    const [first, second] = await Promise.all([
      ServerProcess.start('standalone', own),
      ServerProcess.start('standalone', own),
    ]);
    return new Pair(first, second);
  }

  get servers(): readonly ServerProcess[] {
    return [this.first, this.second];
  }

  /** A post that nobody has read yet, but that both know to exist. */
  async post(author: ApiClient, text: string): Promise<string> {
    const [writer, anybody] = [author.at(this.first.url), new ApiClient(this.second.url, '', undefined)];
    const isThere = ({ status }: ApiAnswer): boolean => status < 300;
    const patient = { deadlineMs: 30_000, everyMs: 100 }; // the store may just have come back
    const { json } = await until(() => writer.request('POST', '/v1/posts', { text }), isThere, patient);
    const { id } = json as { id: string };
    await until(() => anybody.request('GET', `/v1/posts/${id}`), isThere, patient);
    return id;
  }

  /** What the counters of both have grown by meanwhile. */
  async growth(work: () => Promise<unknown>): Promise<Growth> {
    const before = await this.#metrics();
    await work();
    return new Growth(before, await this.#metrics());
  }

  async close(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
  }

  #metrics(): Promise<Samples[]> {
    return Promise.all(this.servers.map(metricsOf));
  }
}

/** Two looks at the same counters of both. */
export class Growth {
  constructor(
    private readonly before: readonly Samples[],
    private readonly after: readonly Samples[],
  ) {}

  of(name: string, labels: Readonly<Record<string, string>> = {}): number {
    const sum = (looks: readonly Samples[]): number => looks.reduce((all, look) => all + look.sum(name, labels), 0);
    return sum(this.after) - sum(this.before);
  }

  /** Of the events of what a post is made of. */
  events(...names: readonly string[]): number {
    const of = (event: string) => POST_KINDS.map((region) => this.of('cache_events_total', { region, event }));
    return names.flatMap(of).reduce((sum, n) => sum + n, 0);
  }

  /** Calls of the cache's Redis, but for the bus. */
  get tierCalls(): number {
    return this.of('cache_tier_calls_total', { result: 'made' });
  }
}

export function metricsOf({ url }: { readonly url: string }): Promise<Samples> {
  return scrape(`${url}/metrics`);
}
