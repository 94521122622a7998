import { randomBytes } from 'node:crypto';
import type { Passwords } from '#auth';
import type { Memberships } from '#counters';
import { ID_MAX, type IdGenerator, idAt, type UserId } from '#ids';
import type { Clock } from '#kernel';
import type { AuthorTimelineStore, BlockStore, UserStore } from '#storage';
import type { PostWriter } from '../posts/post-writer.ts';
import type { RelationChanges } from '../relations/relation-changes.ts';

/** Posts that are written at a time: enough for the store to gather them into one commit. */
const POSTS_AT_ONCE = 64;
const PASSWORD_BYTES = 32;
const COUNTING_PAGE = 1000;

export interface ImportedAccount {
  readonly id: UserId;
  readonly handle: string;
  readonly created: boolean;
  /** Posts in the account's timeline, counted there: the number of its profile may be a moment behind. */
  readonly postCount: number;
}

export interface ImporterStores {
  readonly users: UserStore;
  readonly blocks: BlockStore;
  readonly timelines: AuthorTimelineStore;
  readonly memberships: Memberships;
}

/** Brings in many users, follows and posts at once, over the code that single requests take. Everything is repeatable. */
export class Importer {
  #passwordHash: Promise<string> | undefined;

  constructor(
    private readonly stores: ImporterStores,
    private readonly posts: PostWriter,
    private readonly changes: RelationChanges,
    private readonly passwords: Passwords,
    private readonly making: { ids: IdGenerator; clock: Clock },
  ) {}

  /** The users with these handles, made where they are missing; nobody knows their password. */
  importUsers(handles: readonly string[]): Promise<ImportedAccount[]> {
    return Promise.all(handles.map((handle) => this.#importUser(handle)));
  }

  /** Resolves to how many were new. Follows of oneself, and between blocked users, are left out. */
  async importFollows(pairs: readonly (readonly [UserId, UserId])[]): Promise<number> {
    const allowed = await this.#allowed(pairs);
    const since = idAt(this.making.clock.now());
    const joined = await this.stores.memberships.joinMany(
      'following',
      allowed.map(([member, subject]) => ({ member, subject, since })),
    );
    await Promise.all([...new Set(allowed.map(([follower]) => follower))].map((one) => this.changes.announce(one)));
    return joined.filter(Boolean).length;
  }

  async importPosts(posts: readonly (readonly [UserId, string])[]): Promise<number> {
    for (let at = 0; at < posts.length; at += POSTS_AT_ONCE) {
      const batch = posts.slice(at, at + POSTS_AT_ONCE);
      await Promise.all(batch.map(([author, text]) => this.posts.post(this.posts.newId(), author, text, undefined)));
    }
    return posts.length;
  }

  async #importUser(handle: string): Promise<ImportedAccount> {
    for (;;) {
      const present = await this.stores.users.findIdByHandle(handle);
      if (present !== undefined)
        return { id: present, handle, created: false, postCount: await this.#countPosts(present) };
      const id = this.making.ids.next<UserId>();
      const user = { id, handle, displayName: handle, passwordHash: await this.#hash() };
      if (await this.stores.users.create(user)) return { id, handle, created: true, postCount: 0 };
    }
  }

  async #countPosts(author: UserId): Promise<number> {
    let count = 0;
    for (let before = ID_MAX + 1n; ;) {
      const page = await this.stores.timelines.list(author, { before, limit: COUNTING_PAGE });
      count += page.length;
      const last = page.at(-1);
      if (last === undefined || page.length < COUNTING_PAGE) return count;
      before = last;
    }
  }

  async #allowed(pairs: readonly (readonly [UserId, UserId])[]): Promise<(readonly [UserId, UserId])[]> {
    const byFollower = new Map<UserId, UserId[]>();
    for (const [follower, followee] of pairs) {
      if (follower === followee) continue;
      const followees = byFollower.get(follower);
      if (followees) followees.push(followee);
      else byFollower.set(follower, [followee]);
    }
    const groups = await Promise.all(
      [...byFollower].map(async ([follower, followees]) => {
        const blocked = await this.stores.blocks.findBetween(follower, followees);
        return followees.filter((one) => !blocked.has(one)).map((followee) => [follower, followee] as const);
      }),
    );
    return groups.flat();
  }

  /** One hash of one random password for all: a good hash takes 20 ms, and nobody is to sign in. */
  #hash(): Promise<string> {
    this.#passwordHash ??= this.passwords.hash(randomBytes(PASSWORD_BYTES).toString('base64url'));
    return this.#passwordHash;
  }
}
