import type { UserId } from '#ids';
import { BlockStore, MuteStore } from '#storage';
import { idIn, idKey } from './keys.ts';
import type { LmdbEnvironment, Table } from './lmdb-environment.ts';

const BY_USER = 1;
const BY_OTHER = 2;

export class LmdbBlockStore extends BlockStore {
  /** user, other -> which of the two have blocked (bits) */
  readonly #blocks: Table;

  constructor(private readonly env: LmdbEnvironment) {
    super();
    this.#blocks = env.table('blocks');
  }

  async put(blocker: UserId, blocked: UserId): Promise<void> {
    await this.env.write(() => {
      this.#change(blocker, blocked, (bits) => bits | BY_USER);
      this.#change(blocked, blocker, (bits) => bits | BY_OTHER);
    });
  }

  async remove(blocker: UserId, blocked: UserId): Promise<void> {
    await this.env.write(() => {
      this.#change(blocker, blocked, (bits) => bits & ~BY_USER);
      this.#change(blocked, blocker, (bits) => bits & ~BY_OTHER);
    });
  }

  async findBetween(user: UserId, others: readonly UserId[]): Promise<Set<UserId>> {
    return new Set(others.filter((other) => this.#blocks.get(idKey(user, other))));
  }

  async hasAny(user: UserId): Promise<boolean> {
    for (const _ of this.#blocks.getKeys({ start: idKey(user, 0n), end: idKey(user + 1n, 0n), limit: 1 })) return true;
    return false;
  }

  #change(user: UserId, other: UserId, change: (bits: number) => number): void {
    const key = idKey(user, other);
    const bits = change(this.#blocks.get(key)?.[0] ?? 0);
    if (bits === 0) this.#blocks.removeSync(key);
    else this.#blocks.putSync(key, Buffer.from([bits]));
  }
}

export class LmdbMuteStore extends MuteStore {
  /** muter, muted */
  readonly #mutes: Table;

  constructor(private readonly env: LmdbEnvironment) {
    super();
    this.#mutes = env.table('mutes');
  }

  async put(muter: UserId, muted: UserId): Promise<void> {
    await this.env.write(() => this.#mutes.putSync(idKey(muter, muted), Buffer.from([1])));
  }

  async remove(muter: UserId, muted: UserId): Promise<void> {
    await this.env.write(() => this.#mutes.removeSync(idKey(muter, muted)));
  }

  async loadAll(muter: UserId): Promise<UserId[]> {
    const keys = this.#mutes.getKeys({ start: idKey(muter, 0n), end: idKey(muter + 1n, 0n) });
    return Array.from(keys, (key) => idIn(key, 1) as UserId);
  }
}
