import { unavailable } from '#kernel';
import type { Shard, ShardCommit, ShardHead } from '#storage';
import type { Conditional } from '../database/conditional.ts';
import type { Database } from '../database/database.ts';
import type { Query } from '../database/query.ts';
import type { Write } from '../database/write.ts';
import { DoubtfulCommits } from './doubtful-commits.ts';
import { HEAD, headOf, type HeadRow } from './shard-head.ts';
import { keyOf, SHARD } from './shard-key.ts';

/**
 * Commits to shards: one conditional batch each, hence one step in the order of all commits of the partition (Paxos). A
 * commit without an answer may have been made, or may still be made, by a node that was frozen with it: it hangs over
 * its shard as long as the shard has the version that it was made over.
 */
export class ShardCommits {
  readonly #head: Conditional<object>;
  readonly #selectHead: Query<HeadRow>;
  readonly #put: Write;
  readonly #delete: Write;
  readonly #doubts = new DoubtfulCommits();

  constructor(private readonly db: Database) {
    this.#head = db.conditional(
      `UPDATE $.members SET total = ?, version = ?, sealed = ?, commit_id = ? WHERE ${SHARD} AND member = 0 IF version = ?`,
    );
    this.#selectHead = db.serialQuery(`SELECT ${HEAD} FROM $.members WHERE ${SHARD} AND member = 0`);
    this.#put = db.write(`UPDATE $.members SET since = ? WHERE ${SHARD} AND member = ?`);
    this.#delete = db.write(`DELETE FROM $.members WHERE ${SHARD} AND member = ?`);
  }

  /** As `CountedSetStore.commit` promises. */
  async commit(shard: Shard, ifVersion: number, commit: ShardCommit): Promise<boolean> {
    const key = keyOf(shard);
    const changes = commit.changes.map(({ member, since }) =>
      since === undefined ? this.#delete.with(...key, member) : this.#put.with(since, ...key, member),
    );
    const head = this.#head.with(...headParams(shard, { ...commit, version: ifVersion + 1 }, ifVersion));
    try {
      const { applied, repeated } = await this.db.conditionalBatch([head, ...changes]);
      return applied || (repeated && (await this.#wasMade(shard, ifVersion, commit.commitId)));
    } catch (error) {
      this.#doubts.add(shard, ifVersion);
      throw error;
    }
  }

  /** Whether a commit of ours may yet take effect on the shard as it is. */
  hangOver(shard: Shard, { version }: ShardHead): boolean {
    return this.#doubts.concern(shard, version);
  }

  /** Moves the version on, and nothing else, so that whatever hangs over this one comes to nothing. */
  async fence(shard: Shard, head: ShardHead): Promise<void> {
    await this.#head.run(...headParams(shard, { ...head, version: head.version + 1 }, head.version));
  }

  /** Whether one of several sendings of a commit was applied, after the last one was not. */
  async #wasMade(shard: Shard, ifVersion: number, commitId: bigint): Promise<boolean> {
    const head = headOf(await this.#selectHead.first(...keyOf(shard)));
    if (head.commitId === commitId) return true;
    if (head.version === ifVersion + 1) return false;
    throw unavailable('nobody knows any more whether a change was counted');
  }
}

function headParams(shard: Shard, { total, version, sealed, commitId }: ShardHead, ifVersion: number) {
  const condition = ifVersion === 0 ? null : BigInt(ifVersion);
  return [total, BigInt(version), sealed, commitId, ...keyOf(shard), condition] as const;
}
