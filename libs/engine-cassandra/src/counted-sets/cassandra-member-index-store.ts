import { inSteps } from '#kernel';
import { MemberIndexStore } from '#storage';
import type { IndexContents, IndexMark, IndexPartition, IndexRow, IndexSettlement } from '#storage';
import type { Database } from '../database/database.ts';
import type { Query } from '../database/query.ts';
import type { BatchPart } from '../database/statement.ts';
import type { Write } from '../database/write.ts';
import { madeAt } from '../database/write-times.ts';
import { type IndexRecord, isPlainlyJoined, isWorthListing, rowOf } from './index-record.ts';
import { momentOf } from './moments.ts';

/** A row of a membership that is over is dropped after so long, when no older state can come in any more. */
const LEFT_S = 10 * 86_400;
const ROWS_PER_READ = 5_000;
const SUBJECTS_PER_READ = 200;

/**
 * The order of writes is in their write times: a mark's is the mark's own time, its removal's one microsecond later, a
 * state's is its moment in the set. So they may come in any order, and be repeated at any time.
 */
export class CassandraMemberIndexStore extends MemberIndexStore {
  readonly #mark: Write;
  readonly #unmark: Write;
  readonly #setState: Write;
  readonly #some: Query<IndexRecord>;
  readonly #page: Query<IndexRecord>;

  constructor(private readonly db: Database) {
    super();
    const partition = 'kind = ? AND member = ? AND bucket = ?';
    const row = `${partition} AND subject = ?`;
    this.#mark = db.write(`UPDATE $.member_index USING TIMESTAMP ? SET marks = marks + ? WHERE ${row}`);
    this.#unmark = db.write(`UPDATE $.member_index USING TIMESTAMP ? SET marks = marks - ? WHERE ${row}`);
    this.#setState = db.write(
      `UPDATE $.member_index USING TIMESTAMP ? AND TTL ?
       SET joined = ?, since = ?, generation = ?, shard = ?, total = ?, version = ? WHERE ${row}`,
    );
    const select = `SELECT subject, marks, joined, since, generation, shard, total, version
      FROM $.member_index WHERE ${partition}`;
    this.#some = db.query(`${select} AND subject IN ?`);
    this.#page = db.query(`${select} AND subject > ? LIMIT ?`);
  }

  mark(marks: readonly IndexMark[]): Promise<void> {
    return inSteps(marks, ({ partition, subject, mark }) =>
      this.#mark.run(madeAt(mark), [mark], ...rowKey(partition, subject)),
    );
  }

  settle(settlements: readonly IndexSettlement[]): Promise<void> {
    return inSteps(settlements, (settlement) => this.db.batch(this.#settling(settlement)));
  }

  async findMany(partition: IndexPartition, subjects: readonly bigint[]): Promise<(IndexRow | undefined)[]> {
    const reads: Promise<IndexRecord[]>[] = [];
    for (let at = 0; at < subjects.length; at += SUBJECTS_PER_READ)
      reads.push(this.#some.rows(...keyOf(partition), subjects.slice(at, at + SUBJECTS_PER_READ)));
    const records = (await Promise.all(reads)).flat();
    const rows = new Map(records.map((record) => [record.subject, rowOf(record)]));
    return subjects.map((subject) => rows.get(subject));
  }

  async list(partition: IndexPartition, after: bigint, limit: number): Promise<IndexRow[]> {
    const found: IndexRow[] = [];
    for await (const records of this.#pages(partition, after, Math.min(limit, ROWS_PER_READ))) {
      found.push(...records.filter(isWorthListing).map(rowOf));
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  }

  async load(partition: IndexPartition): Promise<IndexContents> {
    const subjects: bigint[] = [];
    const since: bigint[] = [];
    const doubtful: IndexRow[] = [];
    for await (const records of this.#pages(partition, 0n, ROWS_PER_READ))
      for (const record of records) {
        if (!isWorthListing(record)) continue;
        if (!isPlainlyJoined(record)) doubtful.push(rowOf(record));
        else {
          subjects.push(record.subject);
          since.push(record.since);
        }
      }
    return { subjects: BigUint64Array.from(subjects), since: BigUint64Array.from(since), doubtful };
  }

  async *#pages(partition: IndexPartition, after: bigint, size: number): AsyncGenerator<IndexRecord[]> {
    for (let from: bigint | undefined = after; from !== undefined;) {
      const records: IndexRecord[] = await this.#page.rows(...keyOf(partition), from, size);
      yield records;
      from = records.length < size ? undefined : records.at(-1)?.subject;
    }
  }

  #settling({ partition, subject, marks, state }: IndexSettlement): BatchPart[] {
    const key = rowKey(partition, subject);
    const { joined, since, at } = state;
    const { generation, shard, total, version } = at;
    const values = [joined, since, generation, shard, total, BigInt(version)] as const;
    const setState = this.#setState.with(momentOf(at), joined ? 0 : LEFT_S, ...values, ...key);
    return [setState, ...marks.map((mark) => this.#unmark.with(madeAt(mark) + 1n, [mark], ...key))];
  }
}

type PartitionKey = [kind: string, member: bigint, bucket: number];

function keyOf({ kind, member, bucket }: IndexPartition): PartitionKey {
  return [kind, member, bucket];
}

function rowKey(partition: IndexPartition, subject: bigint): [...PartitionKey, subject: bigint] {
  return [...keyOf(partition), subject];
}
