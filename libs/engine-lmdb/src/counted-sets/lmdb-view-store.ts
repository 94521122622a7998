import type { PostId } from '#ids';
import { type ViewGain, ViewStore } from '#storage';
import type { LmdbEnvironment, Table } from '../lmdb-environment.ts';

const KEY_BYTES = 10;
const FLUSH_AT = 6;
const VALUE_BYTES = 14;

export class LmdbViewStore extends ViewStore {
  /** post (8 bytes), bucket (2) -> views (6), flush id (8) */
  readonly #views: Table;

  constructor(private readonly env: LmdbEnvironment) {
    super();
    this.#views = env.table('views');
  }

  apply(bucket: number, flushId: bigint, gains: readonly ViewGain[]): Promise<void> {
    return this.env.write(() => {
      for (const { postId, views } of gains) {
        const key = viewKey(postId, bucket);
        const kept = this.#views.get(key);
        if (kept && kept.readBigUInt64BE(FLUSH_AT) >= flushId) continue;
        this.#views.putSync(key, encodeViews((kept ? viewsIn(kept) : 0) + views, flushId));
      }
    });
  }

  async totals(posts: readonly PostId[]): Promise<number[]> {
    return posts.map((post) => {
      let total = 0;
      const rows = this.#views.getRange({ start: viewKey(post, 0), end: viewKey(post, 0xffff), inclusiveEnd: true });
      for (const { value } of rows) total += viewsIn(value);
      return total;
    });
  }
}

function viewKey(post: bigint, bucket: number): Buffer {
  const key = Buffer.allocUnsafe(KEY_BYTES);
  key.writeBigUInt64BE(post);
  key.writeUInt16BE(bucket, 8);
  return key;
}

function viewsIn(value: Buffer): number {
  return value.readUIntBE(0, 6);
}

function encodeViews(views: number, flushId: bigint): Buffer {
  const value = Buffer.allocUnsafe(VALUE_BYTES);
  value.writeUIntBE(views, 0, 6);
  value.writeBigUInt64BE(flushId, FLUSH_AT);
  return value;
}
