import type { Technique } from '#config';
import { type ApiAnswer, ApiClient, ServerProcess, until } from '#test';

/** The server's metrics, each as `name{labels}`. */
export type Metrics = ReadonlyMap<string, number>;

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

  async #metrics(): Promise<Metrics> {
    const sums = new Map<string, number>();
    for (const metrics of await Promise.all(this.servers.map(metricsOf)))
      for (const [name, value] of metrics) sums.set(name, (sums.get(name) ?? 0) + value);
    return sums;
  }
}

/** Two looks at the same counters. */
export class Growth {
  constructor(
    private readonly before: Metrics,
    private readonly after: Metrics,
  ) {}

  of(name: string): number {
    return (this.after.get(name) ?? 0) - (this.before.get(name) ?? 0);
  }

  /** Of the events of what a post is made of. */
  events(...names: readonly string[]): number {
    const of = (event: string) =>
      POST_KINDS.map((kind) => this.of(`cache_events_total{region="${kind}",event="${event}"}`));
    return names.flatMap(of).reduce((sum, n) => sum + n, 0);
  }

  /** Calls of the cache's Redis, but for the bus. */
  get tierCalls(): number {
    return this.of('cache_tier_calls_total{result="made"}');
  }
}

export async function metricsOf({ url }: { readonly url: string }): Promise<Metrics> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = [...text.matchAll(/^([a-z_]+(?:\{.*\})?) (\S+)$/gm)];
  return new Map(lines.map(([, name = '', value]) => [name, Number(value)]));
}
