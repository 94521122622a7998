import type { PostId, UserId } from '#ids';
import type { Post, Stores } from '#storage';
import { newId } from '../contract/store-engine.ts';
import type { Deed } from './fault-load.ts';

const AUTHORS = Array.from({ length: 8 }, () => newId<UserId>());

/** Writes posts, and keeps those that were acknowledged. */
export class WritePosts implements Deed {
  readonly name = 'write a post';
  readonly clients = 2;
  readonly written: Post[] = [];

  constructor(private readonly stores: Stores) {}

  async once(): Promise<void> {
    const id = newId<PostId>();
    const authorId = AUTHORS[Number(id % 8n)]!;
    const post: Post = { id, authorId, text: `post ${id}`, replyTo: undefined, repostOf: undefined, delivery: 'push' };
    await this.stores.posts.create(post, { id: newId(), kind: 'created', postId: id });
    this.written.push(post);
  }

  async faults(): Promise<string[]> {
    const found = await this.stores.posts.findMany(this.written.map(({ id }) => id));
    const lost = this.written.filter(({ text }, i) => found[i]?.text !== text).map(({ text }) => `${text} is lost`);
    const timelines = await Promise.all(
      AUTHORS.map((author) => this.stores.timelines.list(author, { before: newId(), limit: 10_000 })),
    );
    const listed = new Set(timelines.flat());
    const unlisted = this.written.filter(({ id }) => !listed.has(id)).map(({ text }) => `${text} is not listed`);
    return [...lost, ...unlisted];
  }
}

/** Reads what was acknowledged: each must be there. */
export class ReadPosts implements Deed {
  readonly name = 'read posts';
  readonly clients = 2;
  readonly #missing: string[] = [];

  constructor(
    private readonly stores: Stores,
    private readonly posts: readonly Post[],
  ) {}

  async once(): Promise<void> {
    const wanted = this.posts.slice(-20);
    const found = await this.stores.posts.findMany(wanted.map(({ id }) => id));
    this.#missing.push(...wanted.filter((_, i) => !found[i]).map(({ text }) => `${text} could not be read`));
    // A write that was held up is acknowledged late: the newest is not the last.
    const ids = this.posts.filter(({ authorId }) => authorId === AUTHORS[0]).map(({ id }) => id);
    const newest = ids.reduce((a, b) => (a > b ? a : b), 0n);
    const page = await this.stores.timelines.list(AUTHORS[0]!, { before: newId(), limit: 20 });
    if (newest && !page.includes(newest as PostId)) this.#missing.push(`post ${newest} does not head its timeline`);
  }

  faults(): Promise<string[]> {
    return Promise.resolve(this.#missing);
  }
}

/** Blocks and unblocks, mutes and unmutes. */
export class SwitchRelations implements Deed {
  readonly name = 'switch a relation';
  readonly clients = 1;
  readonly #me = newId<UserId>();
  readonly #states = new Map<UserId, boolean>();
  #times = 0;

  constructor(private readonly stores: Stores) {}

  async once(): Promise<void> {
    const other = AUTHORS[this.#times++ % 8]!;
    const on = this.#states.get(other) !== true;
    const { blocks, mutes } = this.stores;
    await (on ? blocks.put(this.#me, other) : blocks.remove(this.#me, other));
    await (on ? mutes.put(this.#me, other) : mutes.remove(this.#me, other));
    this.#states.set(other, on);
  }

  async faults(): Promise<string[]> {
    const expected = AUTHORS.filter((other) => this.#states.get(other));
    const blocked = await this.stores.blocks.findBetween(this.#me, AUTHORS);
    const muted = await this.stores.mutes.loadAll(this.#me);
    const same = (found: Iterable<UserId>) => [...found].sort().join() === expected.toSorted().join();
    return [...(same(blocked) ? [] : ['blocks are wrong']), ...(same(muted) ? [] : ['mutes are wrong'])];
  }
}
