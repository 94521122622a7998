import { randomBytes } from 'node:crypto';
import type { Passwords } from '#auth';
import type { Memberships } from '#counters';
import { ABOVE_ALL_IDS, type IdGenerator, idAt, type UserId } from '#ids';
import { type Clock, inSteps } from '#kernel';
import type { AuthorTimelineStore, BlockStore, UserStore } from '#storage';
import type { PostWriter } from '../posts/post-writer.ts';
import type { RelationChanges } from '../relations/relation-changes.ts';

/**
 * What a call does at a time: enough for the store to gather it into one commit, and little enough for a slow one to do
 * within its deadlines, however much a call asks for.
 */
const USERS_AT_ONCE = 64;
const POSTS_AT_ONCE = 64;
const FOLLOWS_AT_ONCE = 500;
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

type Follow = readonly [follower: UserId, followee: UserId];

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
  async importUsers(handles: readonly string[]): Promise<ImportedAccount[]> {
    const accounts: ImportedAccount[] = [];
    const importOne = async ([i, handle]: [number, string]): Promise<void> => {
      accounts[i] = await this.#importUser(handle);
    };
    await inSteps([...handles.entries()], importOne, USERS_AT_ONCE);
    return accounts;
  }

  /** Resolves to how many were new. Follows of oneself, and between blocked users, are left out. */
  async importFollows(pairs: readonly Follow[]): Promise<number> {
    // Those of one followee side by side: they are one commit.
    const allowed = (await this.#allowed(pairs)).sort(([, a], [, b]) => Number(a - b));
    const since = idAt(this.making.clock.now());
    let imported = 0;
    for (let at = 0; at < allowed.length; at += FOLLOWS_AT_ONCE) {
      const follows = allowed.slice(at, at + FOLLOWS_AT_ONCE).map(([member, subject]) => ({ member, subject, since }));
      const joined = await this.stores.memberships.joinMany('following', follows);
      imported += joined.filter(Boolean).length;
    }
    await inSteps([...new Set(allowed.map(([follower]) => follower))], async (follower) => {
      await this.changes.announce(follower);
    });
    return imported;
  }

  async importPosts(posts: readonly (readonly [UserId, string])[]): Promise<number> {
    const importOne = async ([author, text]: readonly [UserId, string]): Promise<void> => {
      await this.posts.post(this.posts.newId(), author, text, undefined);
    };
    await inSteps(posts, importOne, POSTS_AT_ONCE);
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
    for (let before = ABOVE_ALL_IDS; ;) {
      const page = await this.stores.timelines.list(author, { before, limit: COUNTING_PAGE });
      count += page.length;
      const last = page.at(-1);
      if (last === undefined || page.length < COUNTING_PAGE) return count;
      before = last;
    }
  }

  async #allowed(follows: readonly Follow[]): Promise<Follow[]> {
    const allowed: Follow[] = [];
    const look = async ([one, group]: [UserId, Side[]]): Promise<void> => {
      const blocked = await this.stores.blocks.findBetween(
        one,
        group.map(({ other }) => other),
      );
      for (const { other, follow } of group) if (!blocked.has(other)) allowed.push(follow);
    };
    await inSteps([...inFewestGroups(follows.filter(([follower, followee]) => follower !== followee))], look);
    return allowed;
  }

  /** One hash of one random password for all: a good hash takes 20 ms, and nobody is to sign in. */
  #hash(): Promise<string> {
    this.#passwordHash ??= this.passwords.hash(randomBytes(PASSWORD_BYTES).toString('base64url'));
    return this.#passwordHash;
  }
}

/** A follow, and who is at its other end. */
interface Side {
  readonly other: UserId;
  readonly follow: Follow;
}

/** By follower or by followee: blocks count in both directions, so either tells of them. */
function inFewestGroups(follows: readonly Follow[]): Map<UserId, Side[]> {
  const [byFollower, byFollowee] = [new Map<UserId, Side[]>(), new Map<UserId, Side[]>()];
  for (const follow of follows) {
    const [follower, followee] = follow;
    addTo(byFollower, follower, { other: followee, follow });
    addTo(byFollowee, followee, { other: follower, follow });
  }
  return byFollower.size <= byFollowee.size ? byFollower : byFollowee;
}

function addTo(groups: Map<UserId, Side[]>, one: UserId, side: Side): void {
  const group = groups.get(one);
  if (group) group.push(side);
  else groups.set(one, [side]);
}
