import type { PostId } from '#ids';
import { inSteps } from '#kernel';
import { type ViewGain, ViewStore } from '#storage';
import type { Database } from '../database/database.ts';
import type { Query } from '../database/query.ts';
import type { Write } from '../database/write.ts';

interface ViewRow {
  readonly views: bigint;
}

/**
 * A flush reads each row and writes the sum with its own id as the write time. Two flushers with one flush write the same
 * value; one that was left behind writes with an older time, and that is lost.
 */
export class CassandraViewStore extends ViewStore {
  readonly #select: Query<ViewRow & { readonly flush_id: bigint }>;
  readonly #selectAll: Query<ViewRow>;
  readonly #update: Write;

  constructor(db: Database) {
    super();
    const row = 'post_id = ? AND bucket = ?';
    this.#select = db.query(`SELECT views, WRITETIME(views) AS flush_id FROM $.views WHERE ${row}`);
    this.#selectAll = db.query('SELECT views FROM $.views WHERE post_id = ?');
    this.#update = db.write(`UPDATE $.views USING TIMESTAMP ? SET views = ? WHERE ${row}`);
  }

  apply(bucket: number, flushId: bigint, gains: readonly ViewGain[]): Promise<void> {
    return inSteps(gains, async ({ postId, views }) => {
      const kept = await this.#select.first(postId, bucket);
      if (kept && kept.flush_id >= flushId) return;
      await this.#update.run(flushId, (kept?.views ?? 0n) + BigInt(views), postId, bucket);
    });
  }

  totals(posts: readonly PostId[]): Promise<number[]> {
    return Promise.all(
      posts.map(async (post) => {
        const rows = await this.#selectAll.rows(post);
        return Number(rows.reduce((sum, { views }) => sum + views, 0n));
      }),
    );
  }
}
