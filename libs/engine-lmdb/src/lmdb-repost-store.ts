import type { PostId, UserId } from '#ids';
import { RepostStore } from '#storage';
import { idIn, idKey } from './keys.ts';
import type { LmdbEnvironment, Table } from './lmdb-environment.ts';

export class LmdbRepostStore extends RepostStore {
  /** user, original -> repost */
  readonly #reposts: Table;

  constructor(private readonly env: LmdbEnvironment) {
    super();
    this.#reposts = env.table('reposts_by_user');
  }

  claim(user: UserId, original: PostId, repost: PostId): Promise<PostId> {
    const key = idKey(user, original);
    return this.env.write(() => {
      const holder = this.#read(key);
      if (holder !== undefined) return holder;
      this.#reposts.putSync(key, idKey(repost));
      return repost;
    });
  }

  async release(user: UserId, original: PostId, repost: PostId): Promise<void> {
    const key = idKey(user, original);
    await this.env.write(() => {
      if (this.#read(key) === repost) this.#reposts.removeSync(key);
    });
  }

  async find(user: UserId, original: PostId): Promise<PostId | undefined> {
    return this.#read(idKey(user, original));
  }

  #read(key: Buffer): PostId | undefined {
    const value = this.#reposts.get(key);
    return value && (idIn(value, 0) as PostId);
  }
}
