import type { UserId } from '#ids';
import { type NewUser, type User, UserStore } from '#storage';
import { idIn, idKey } from './keys.ts';
import type { LmdbEnvironment, Table } from './lmdb-environment.ts';

interface UserRecord {
  readonly handle: string;
  readonly displayName: string;
  readonly passwordHash: string;
}

export class LmdbUserStore extends UserStore {
  /** user -> JSON */
  readonly #users: Table;
  /** handle -> user */
  readonly #handles: Table;

  constructor(private readonly env: LmdbEnvironment) {
    super();
    this.#users = env.table('users');
    this.#handles = env.table('handles');
  }

  create({ id, handle, displayName, passwordHash }: NewUser): Promise<boolean> {
    const name = Buffer.from(handle);
    return this.env.write(() => {
      const owner = this.#handles.get(name);
      if (owner) return idIn(owner, 0) === id;
      this.#write(id, { handle, displayName, passwordHash });
      this.#handles.putSync(name, idKey(id));
      return true;
    });
  }

  async find(id: UserId): Promise<User | undefined> {
    return this.#find(id);
  }

  async findMany(ids: readonly UserId[]): Promise<(User | undefined)[]> {
    return ids.map((id) => this.#find(id));
  }

  async findIdByHandle(handle: string): Promise<UserId | undefined> {
    const owner = this.#handles.get(Buffer.from(handle));
    return owner && (idIn(owner, 0) as UserId);
  }

  async findPasswordHash(id: UserId): Promise<string | undefined> {
    return this.#read(id)?.passwordHash;
  }

  async setDisplayName(id: UserId, displayName: string): Promise<void> {
    await this.env.write(() => {
      const record = this.#read(id);
      if (record) this.#write(id, { ...record, displayName });
    });
  }

  #find(id: UserId): User | undefined {
    const record = this.#read(id);
    return record && { id, handle: record.handle, displayName: record.displayName };
  }

  #read(id: UserId): UserRecord | undefined {
    const value = this.#users.get(idKey(id));
    return value && (JSON.parse(value.toString()) as UserRecord);
  }

  #write(id: UserId, record: UserRecord): void {
    this.#users.putSync(idKey(id), Buffer.from(JSON.stringify(record)));
  }
}
