import { ABOVE_ALL_IDS } from '#ids';
import { ApiClient, type ApiPage, type ApiPost, until } from '#test';
import { FeedModel, type ModelPost, type User } from './feed-model.ts';
import { type Fault, type Operation, type Outage, USERS } from './feed-operations.ts';

export interface Faults {
  /** Makes it happen, and resolves when the server answers again. */
  cause(fault: Fault): Promise<void>;
  begin(outage: Outage): Promise<void>;
  end(outage: Outage): Promise<void>;
}

/** After so many a page is remembered. */
const REPEATS = 2;

let runs = 0;

/**
 * Plays one list of operations against the processes of a server and the model, and compares what viewers see. With several
 * processes every request goes to another one than the last.
 */
export class FeedRun {
  readonly #model = new FeedModel();
  readonly #names = new Map<string, string>();
  readonly #log: string[] = [];
  #requests = 0;

  /** @param clients of each user, one for each process. */
  private constructor(
    private readonly clients: readonly (readonly ApiClient[])[],
    private readonly faults: Faults,
  ) {}

  static async start(urls: readonly [string, ...string[]], faults: Faults): Promise<FeedRun> {
    const name = `m${Date.now().toString(36)}_${runs++}`;
    const handles = Array.from({ length: USERS }, (_, i) => `${name}_${i}`);
    const users = await Promise.all(handles.map((handle) => ApiClient.register(urls[0], handle)));
    return new FeedRun(
      users.map((user) => urls.map((url) => user.at(url))),
      faults,
    );
  }

  async play(operations: readonly Operation[]): Promise<void> {
    try {
      for (const operation of operations) await this.#do(operation);
      for (let user = 0; user < USERS; user++) for (const limit of [2, 100]) await this.#converges(user, limit);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${this.#log.join('\n')}`, { cause: error });
    }
  }

  async #do(operation: Operation): Promise<void> {
    switch (operation.kind) {
      case 'post':
        return this.#post(operation.user);
      case 'burst':
        for (let i = 0; i < operation.posts; i++) await this.#post(operation.user);
        return;
      case 'reply':
        return this.#reply(operation.user, operation.pick);
      case 'repost':
        return this.#repost(operation.user, operation.pick);
      case 'delete':
        return this.#delete(operation.user, operation.pick);
      case 'like':
        return this.#like(operation);
      case 'relate':
        return this.#relate(operation);
      case 'check':
        return this.#converges(operation.user, operation.limit);
      case 'fault':
        this.#log.push(`fault ${operation.fault}`);
        return this.faults.cause(operation.fault);
      case 'outage':
        return this.#sufferOutage(operation);
    }
  }

  async #sufferOutage({ outage, during }: Extract<Operation, { kind: 'outage' }>): Promise<void> {
    this.#log.push(`redis is ${outage}`);
    await this.faults.begin(outage);
    try {
      for (const operation of during) await this.#do(operation);
    } finally {
      await this.faults.end(outage);
      this.#log.push('redis is back');
    }
  }

  async #post(user: User): Promise<void> {
    const { id } = await this.#client(user).post('hello');
    this.#note(this.#model.add(id, user), `${user} posts`);
    await this.#isRight(user);
  }

  async #reply(user: User, pick: number): Promise<void> {
    const target = choose(this.#model.living, pick);
    if (!target) return;
    const { status, json } = await this.#client(user).request('POST', '/v1/posts', {
      text: 're',
      replyTo: String(target.id),
    });
    const blocked = this.#model.isBlocked(user, (target.original ?? target).author);
    this.#same(status, blocked ? 403 : 201, `${user} replies to ${this.#name(target)}`);
    if (blocked) return;
    this.#note(this.#model.add((json as ApiPost).id, user), `${user} replies to ${this.#name(target)}`);
    await this.#isRight(user);
  }

  async #repost(user: User, pick: number): Promise<void> {
    const target = choose(this.#model.living, pick);
    if (!target) return;
    const original = target.original ?? target;
    const { status, json } = await this.#client(user).request('POST', '/v1/posts', { repostOf: String(target.id) });
    const earlier = this.#model.repostOf(user, original);
    const blocked = this.#model.isBlocked(user, original.author);
    this.#same(status, blocked ? 403 : earlier ? 200 : 201, `${user} reposts ${this.#name(target)}`);
    if (blocked) return;
    if (earlier) {
      this.#same((json as ApiPost).id, String(earlier.id), 'the first repost');
      return;
    }
    const post = this.#model.add((json as ApiPost).id, user, original);
    this.#note(post, `${user} reposts ${this.#name(original)}`);
    await this.#isRight(user);
  }

  async #delete(user: User, pick: number): Promise<void> {
    const post = choose(
      this.#model.living.filter((one) => one.author === user),
      pick,
    );
    if (!post) return;
    await this.#client(user).expect('DELETE', `/v1/posts/${post.id}`);
    post.deleted = true;
    this.#log.push(`${user} deletes ${this.#name(post)}`);
    await Promise.all(this.clients.map((_, viewer) => this.#isRight(viewer)));
  }

  /** One's own like shows at the next read. */
  async #like({ user, pick, on }: Extract<Operation, { kind: 'like' }>): Promise<void> {
    const target = choose(this.#model.living, pick);
    if (!target) return;
    const path = `/v1/posts/${target.id}`;
    const { status } = await this.#client(user).request(on ? 'PUT' : 'DELETE', `${path}/like`);
    const what = `${user} ${on ? '' : 'un'}likes ${this.#name(target)}`;
    this.#same(status, on && this.#model.isBlocked(user, (target.original ?? target).author) ? 403 : 200, what);
    this.#log.push(`${what}: ${status}`);
    if (status !== 200) return;
    const seen = (await this.#client(user).expect('GET', path)) as { likedByMe: boolean };
    this.#same(seen.likedByMe, on, `${what}, and is told so`);
  }

  async #relate({ user, other, relation, on }: Extract<Operation, { kind: 'relate' }>): Promise<void> {
    if (user === other) return;
    const path = `/v1/users/${this.#client(other).id}/${relation}`;
    const { status } = await this.#client(user).request(on ? 'PUT' : 'DELETE', path);
    const refused = relation === 'follow' && on && this.#model.isBlocked(user, other);
    const what = `${user} ${on ? '' : 'un'}${relation}s ${other}`;
    this.#same(status, refused ? 403 : 200, what);
    this.#log.push(`${what}: ${status}`);
    if (refused) return;
    const isNew = !this.#model.follows(user, other);
    if (relation === 'follow') this.#model.setFollow(user, other, on);
    else if (relation === 'mute') this.#model.setMute(user, other, on);
    else this.#model.setBlock(user, other, on);
    await Promise.all([user, other].map((viewer) => this.#isRight(viewer)));
    if (relation === 'follow' && on && isNew) await this.#showsAllOf(user, other);
  }

  /** A newly followed author's posts show at once: they do not depend on deliveries. */
  async #showsAllOf(viewer: User, author: User): Promise<void> {
    const page = await this.#client(viewer).feed(100);
    if (page.state !== 'complete' || page.nextCursor !== null) return;
    const roots = new Set(page.items.map((item) => item.repostOf?.id ?? item.id));
    for (const post of this.#model.posts) {
      if (post.author !== author || !this.#model.isVisible(viewer, post)) continue;
      if (!roots.has(String((post.original ?? post).id))) {
        throw new Error(`viewer ${viewer} does not see ${this.#name(post)} of ${author}, whom they follow now`);
      }
    }
  }

  /**
   * What holds at any read: order, no duplicates, nothing that rules hide, one's own posts. (Others' posts may be under
   * way, see `converges`.)
   */
  async #isRight(viewer: User): Promise<void> {
    const page = await this.#client(viewer).feed(100);
    const visible = new Set(this.#model.entries(viewer).map((entry) => entry.id));
    const ids = page.items.map((item) => item.id);
    this.#inOrder(ids);
    for (const id of ids) {
      if (!visible.has(id)) throw new Error(`viewer ${viewer} sees ${this.#names.get(id) ?? id}, which is hidden`);
    }
    this.#showsOwn(viewer, page);
    // Whoever reads the same again and again may be given the same: it must not outlive the next change.
    for (let again = 0; again < REPEATS; again++) await this.#client(viewer).feed(100);
  }

  /** All that are above the last entry of the page, or are the newest entry that shows their original. */
  #showsOwn(viewer: User, { items, nextCursor, state }: ApiPage): void {
    const roots = new Set(items.map((item) => item.repostOf?.id ?? item.id));
    const end = nextCursor === null ? 0n : BigInt(items.at(-1)?.id ?? ABOVE_ALL_IDS);
    for (const post of this.#model.posts) {
      if (post.author !== viewer || post.id <= end || !this.#model.isVisible(viewer, post)) continue;
      if (!roots.has(String((post.original ?? post).id))) {
        throw new Error(`viewer ${viewer} does not see their own post ${this.#name(post)} (${state})`);
      }
    }
  }

  /** In the end a scroll shows exactly what the model shows, page by page. */
  async #converges(viewer: User, limit: number): Promise<void> {
    const wanted = JSON.stringify(this.#model.pages(viewer, limit).flat());
    await until(
      async () => JSON.stringify(await this.#scroll(viewer, limit)),
      (got) => got === wanted,
      { deadlineMs: 10_000, everyMs: 25 },
    ).catch(async () => {
      const got = (await this.#scroll(viewer, limit)).map((id) => this.#names.get(id) ?? id);
      const expected = this.#model
        .pages(viewer, limit)
        .flat()
        .map((id) => this.#names.get(id) ?? id);
      throw new Error(
        `viewer ${viewer}, pages of ${limit}:\n  got    ${got.join(' ')}\n  wanted ${expected.join(' ')}`,
      );
    });
    this.#log.push(`${viewer} is right, by ${limit}`);
  }

  async #scroll(viewer: User, limit: number): Promise<string[]> {
    const ids: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page: ApiPage = await this.#client(viewer).feed(limit, cursor);
      if (page.state === 'complete' && page.nextCursor !== null) {
        this.#same(page.items.length, limit, 'a page that calls itself complete and goes on is full');
      }
      ids.push(...page.items.map((item) => item.id));
      this.#inOrder(ids);
      cursor = page.nextCursor;
    }
    return ids;
  }

  #inOrder(ids: readonly string[]): void {
    for (let i = 1; i < ids.length; i++) {
      if (BigInt(ids[i]!) >= BigInt(ids[i - 1]!)) throw new Error(`out of order, or twice: ${ids[i]!}`);
    }
  }

  #same(got: unknown, wanted: unknown, what: string): void {
    if (got !== wanted) throw new Error(`${what}: ${String(got)} instead of ${String(wanted)}`);
  }

  #note(post: ModelPost, what: string): void {
    const name = `p${this.#names.size}`;
    this.#names.set(String(post.id), name);
    this.#log.push(`${what}: ${name}`);
  }

  #name(post: ModelPost): string {
    return this.#names.get(String(post.id)) ?? String(post.id);
  }

  /** At the process whose turn it is. */
  #client(user: User): ApiClient {
    const everywhere = this.clients[user]!;
    return everywhere[this.#requests++ % everywhere.length]!;
  }
}

function choose<T>(from: readonly T[], pick: number): T | undefined {
  return from[pick % Math.max(1, from.length)];
}
