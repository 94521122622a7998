import type { UserId } from '#ids';
import { type AuthorMode, type AuthorModeRecord, AuthorModeStore } from '#storage';
import { idIn, idKey } from './keys.ts';
import type { LmdbEnvironment, Table } from './lmdb-environment.ts';

interface Row {
  readonly mode: AuthorMode;
  readonly sinceMs: number;
  readonly version: number;
}

export class LmdbAuthorModeStore extends AuthorModeStore {
  /** author -> JSON */
  readonly #modes: Table;
  #changes = 0;

  constructor(private readonly env: LmdbEnvironment) {
    super();
    this.#modes = env.table('author_modes');
  }

  async find(author: UserId): Promise<AuthorModeRecord | undefined> {
    return this.#read(author);
  }

  async loadAll(): Promise<AuthorModeRecord[]> {
    return Array.from(this.#modes.getRange({}), ({ key, value }) => decode(idIn(key, 0) as UserId, value));
  }

  /** One process owns the environment, so its own count of changes is enough. */
  async stamp(): Promise<string> {
    return String(this.#changes);
  }

  replace(author: UserId, version: number, next: AuthorModeRecord | undefined): Promise<boolean> {
    return this.env.write(() => {
      if ((this.#read(author)?.version ?? 0) !== version) return false;
      if (next) this.#modes.putSync(idKey(author), encode(next));
      else this.#modes.removeSync(idKey(author));
      this.#changes++;
      return true;
    });
  }

  #read(author: UserId): AuthorModeRecord | undefined {
    const value = this.#modes.get(idKey(author));
    return value && decode(author, value);
  }
}

function encode({ mode, sinceMs, version }: AuthorModeRecord): Buffer {
  const row: Row = { mode, sinceMs, version };
  return Buffer.from(JSON.stringify(row));
}

function decode(author: UserId, value: Buffer): AuthorModeRecord {
  return { author, ...(JSON.parse(value.toString()) as Row) };
}
