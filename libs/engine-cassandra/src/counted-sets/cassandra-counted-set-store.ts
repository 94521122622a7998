import { CountedSetStore, type CountedKind, type CountedSubject, type Pack, type Shard } from '#storage';
import type { ShardCommit, ShardHead, ShardRead, ShardState, SubjectPage } from '#storage';
import type { Database } from '../database/database.ts';
import type { Query } from '../database/query.ts';
import { ROWS_MAX } from '../database/statement.ts';
import type { Write } from '../database/write.ts';
import { ShardCommits } from './shard-commits.ts';
import { HEAD, HEAD_MEMBER, headOf, type HeadRow } from './shard-head.ts';
import { keyOf, SHARD } from './shard-key.ts';
import { ShardLayouts } from './shard-layouts.ts';

interface MemberRow {
  readonly member: bigint;
}

interface StateRow extends MemberRow, HeadRow {
  readonly since: bigint;
}

interface ShardRow {
  readonly kind: CountedKind;
  readonly subject: bigint;
  readonly place: bigint;
}

const FIRST_TOKEN = -(2n ** 63n);

export class CassandraCountedSetStore extends CountedSetStore {
  readonly #commits: ShardCommits;
  readonly #layouts: ShardLayouts;
  readonly #selectState: Query<StateRow>;
  readonly #selectHead: Query<HeadRow>;
  readonly #selectMembers: Query<MemberRow>;
  readonly #selectShards: Query<ShardRow>;
  readonly #selectPack: Query<{ readonly version: bigint; readonly ids: Buffer }>;
  readonly #insertPack: Write;

  constructor(db: Database) {
    super();
    this.#commits = new ShardCommits(db);
    this.#layouts = new ShardLayouts(db);
    this.#selectState = db.serialQuery(`SELECT member, since, ${HEAD} FROM $.members WHERE ${SHARD} AND member IN ?`);
    this.#selectHead = db.query(`SELECT ${HEAD} FROM $.members WHERE ${SHARD} AND member = 0`);
    this.#selectMembers = db.query(`SELECT member FROM $.members WHERE ${SHARD} AND member > ? LIMIT ?`);
    const partition = 'kind, subject, generation, shard';
    this.#selectShards = db.query(
      `SELECT DISTINCT ${partition}, token(${partition}) AS place FROM $.members WHERE token(${partition}) > ? LIMIT ?`,
    );
    this.#selectPack = db.query(`SELECT version, ids FROM $.packs WHERE ${SHARD}`);
    this.#insertPack = db.write(`INSERT INTO $.packs (${partition}, version, ids) VALUES (?, ?, ?, ?, ?, ?)`);
  }

  read(reads: readonly ShardRead[]): Promise<ShardState[]> {
    return Promise.all(reads.map((read) => this.#read(read)));
  }

  commit(shard: Shard, ifVersion: number, commit: ShardCommit): Promise<boolean> {
    return this.#commits.commit(shard, ifVersion, commit);
  }

  heads(shards: readonly Shard[]): Promise<ShardHead[]> {
    return Promise.all(shards.map(async (shard) => headOf(await this.#selectHead.first(...keyOf(shard)))));
  }

  async list(shard: Shard, after: bigint, limit: number): Promise<Buffer> {
    const pages: Buffer[] = [];
    for (let from = after, left = limit; left > 0; left -= ROWS_MAX) {
      const asked = Math.min(left, ROWS_MAX);
      const rows = await this.#selectMembers.rows(...keyOf(shard), from, asked);
      pages.push(packed(rows));
      if (rows.length < asked) break;
      from = rows.at(-1)?.member ?? from;
    }
    return pages.length === 1 && pages[0] ? pages[0] : Buffer.concat(pages);
  }

  loadLayout(subject: CountedSubject): Promise<number[]> {
    return this.#layouts.load(subject);
  }

  publish(subject: CountedSubject, known: readonly number[], shards: number): Promise<boolean> {
    return this.#layouts.append(subject, known, shards);
  }

  async findPack(shard: Shard): Promise<Pack | undefined> {
    const row = await this.#selectPack.first(...keyOf(shard));
    return row && { version: Number(row.version), ids: row.ids };
  }

  putPack(shard: Shard, { version, ids }: Pack): Promise<void> {
    return this.#insertPack.run(...keyOf(shard), BigInt(version), ids);
  }

  /** In the order of the partitions' tokens: the shards of a set lie apart. */
  async listSubjects(after: Buffer | undefined, limit: number): Promise<SubjectPage> {
    const rows = await this.#selectShards.rows(after?.readBigInt64BE() ?? FIRST_TOKEN, limit);
    const subjects = rows.map(({ kind, subject }) => ({ kind, id: subject }));
    const last = rows.at(-1);
    return { subjects, next: last && rows.length === limit ? tokenBytes(last.place) : undefined };
  }

  async #read({ shard, members }: ShardRead): Promise<ShardState> {
    for (;;) {
      const rows = await this.#selectState.rows(...keyOf(shard), [HEAD_MEMBER, ...members]);
      const since = new Map(rows.map((row) => [row.member, row.since]));
      const head = headOf(rows[0]?.member === HEAD_MEMBER ? rows[0] : undefined);
      if (!this.#commits.hangOver(shard, head)) return { ...head, since: members.map((member) => since.get(member)) };
      await this.#commits.fence(shard, head);
    }
  }
}

function packed(rows: readonly MemberRow[]): Buffer {
  const ids = Buffer.allocUnsafe(8 * rows.length);
  rows.forEach(({ member }, i) => ids.writeBigUInt64BE(member, 8 * i));
  return ids;
}

function tokenBytes(token: bigint): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigInt64BE(token);
  return bytes;
}
