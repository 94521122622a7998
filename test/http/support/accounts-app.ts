import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { Passwords, SignIn, SignInThrottle, Tokens } from '#auth';
import { openLmdbStores } from '#engine-lmdb';
import {
  FollowLookup,
  ProfileCounts,
  type ProfileNumbers,
  StoreUserDirectory,
  UserDirectory,
  UserResolver,
} from '#http';
import { IdGenerator, type UserId } from '#ids';
import { type Clock, systemClock } from '#kernel';
import { AccountsModule } from '#social';
import { type Stores, UserStore } from '#storage';
import { openProbeApp, type ProbeApp, SECRET } from './probe-app.ts';

/** The numbers and follows of others' parts, as little as accounts need of them. */
class KnownCounts extends ProfileCounts {
  loadMany(users: readonly UserId[]): Promise<readonly ProfileNumbers[]> {
    return Promise.resolve(users.map(() => ({ followerCount: 3, followingCount: 2, postCount: 1 })));
  }
}
export class KnownFollows extends FollowLookup {
  readonly pairs = new Set<string>();
  isFollowing(follower: UserId, followee: UserId): Promise<boolean> {
    return Promise.resolve(this.pairs.has(`${follower} ${followee}`));
  }
}

export interface AccountsApp extends ProbeApp {
  readonly stores: Stores;
  readonly follows: KnownFollows;
  close(): Promise<void>;
}

/** Accounts on a real store, with cheap password hashes. */
export async function openAccountsApp({ throttled = false } = {}): Promise<AccountsApp> {
  const dir = await mkdtemp(join(tmpdir(), 'accounts-'));
  const clock: Clock = systemClock;
  const stores = openLmdbStores(dir, clock);
  const passwords = new Passwords({ memoryKiB: 64, passes: 1 });
  const directory = new StoreUserDirectory(stores.users);
  const follows = new KnownFollows();
  const signIn = new SignIn(stores.users, passwords, throttled ? new SignInThrottle(clock) : undefined);

  const providers = [
    { provide: UserStore, useValue: stores.users },
    { provide: UserDirectory, useValue: directory },
    { provide: UserResolver, useValue: new UserResolver(directory) },
    { provide: ProfileCounts, useValue: new KnownCounts() },
    { provide: FollowLookup, useValue: follows },
    { provide: Passwords, useValue: passwords },
    { provide: SignIn, useValue: signIn },
    { provide: Tokens, useValue: new Tokens({ secret: SECRET, ttlMs: 3_600_000, clock }) },
    { provide: IdGenerator, useValue: new IdGenerator(clock, 0) },
  ];
  @Module({})
  class World {}
  @Module({})
  class App {}
  const world = { module: World, global: true, providers, exports: providers.map(({ provide }) => provide) };
  const probe = await openProbeApp({}, { module: App, imports: [world, AccountsModule] });
  const close = async (): Promise<void> => {
    await probe.app.close();
    await stores.close();
    await rm(dir, { recursive: true });
  };
  return { ...probe, stores, follows, close };
}
