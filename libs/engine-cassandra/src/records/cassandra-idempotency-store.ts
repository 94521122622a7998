import type { PostId, UserId } from '#ids';
import { type IdempotencyClaim, type IdempotencyRecord, IdempotencyStore } from '#storage';
import type { Conditional } from '../database/conditional.ts';
import type { Database } from '../database/database.ts';
import type { Query } from '../database/query.ts';

interface KeyRow {
  readonly fingerprint: string;
  readonly post_id: PostId;
  readonly lease_until_ms: bigint;
  readonly status: number | null;
  readonly body: string | null;
}

/** Cassandra lets the rows expire. All writes are conditional: one clock orders them, the partition's own. */
export class CassandraIdempotencyStore extends IdempotencyStore {
  readonly #claim: Conditional<KeyRow>;
  readonly #takeOver: Conditional<Pick<KeyRow, 'lease_until_ms' | 'status'>>;
  readonly #complete: Conditional<object>;
  readonly #release: Conditional<object>;
  readonly #select: Query<KeyRow>;
  readonly #selectTtl: Query<{ readonly ttl: number | null }>;

  constructor(db: Database) {
    super();
    const row = 'user_id = ? AND key = ?';
    this.#claim = db.conditional(
      `INSERT INTO $.idempotency (user_id, key, fingerprint, post_id, lease_until_ms) VALUES (?, ?, ?, ?, ?)
       IF NOT EXISTS USING TTL ?`,
    );
    this.#takeOver = db.conditional(
      `UPDATE $.idempotency USING TTL ? SET lease_until_ms = ? WHERE ${row} IF lease_until_ms = ? AND status = null`,
    );
    this.#complete = db.conditional(
      `UPDATE $.idempotency USING TTL ? SET fingerprint = ?, post_id = ?, lease_until_ms = ?, status = ?, body = ?
       WHERE ${row} IF status = null`,
    );
    this.#release = db.conditional(`DELETE FROM $.idempotency WHERE ${row} IF EXISTS`);
    this.#select = db.query(
      `SELECT fingerprint, post_id, lease_until_ms, status, body FROM $.idempotency WHERE ${row}`,
    );
    this.#selectTtl = db.query(`SELECT TTL(fingerprint) AS ttl FROM $.idempotency WHERE ${row}`);
  }

  async claim(
    user: UserId,
    key: string,
    { fingerprint, postId, leaseUntilMs }: IdempotencyClaim,
    ttlMs: number,
  ): Promise<IdempotencyRecord | undefined> {
    const { row } = await this.#claim.run(user, key, fingerprint, postId, BigInt(leaseUntilMs), secondsOf(ttlMs));
    // The id is the claimer's own: with it, the row is that of an earlier sending of this very claim.
    return row === undefined || row.post_id === postId ? undefined : recordOf(row);
  }

  async takeOver(user: UserId, key: string, seen: IdempotencyRecord, leaseUntilMs: number): Promise<boolean> {
    const present = await this.#selectTtl.first(user, key);
    if (present?.ttl == null) return false;
    const [until, seenUntil] = [BigInt(leaseUntilMs), BigInt(seen.leaseUntilMs)];
    const { applied, row, repeated } = await this.#takeOver.run(present.ttl, until, user, key, seenUntil);
    return applied || (repeated && row?.lease_until_ms === until && row.status === null);
  }

  async complete(user: UserId, key: string, record: IdempotencyRecord, ttlMs: number): Promise<void> {
    const { fingerprint, postId, leaseUntilMs, answer } = record;
    const [ttlS, until] = [secondsOf(ttlMs), BigInt(leaseUntilMs)];
    await this.#complete.run(ttlS, fingerprint, postId, until, answer?.status ?? null, answer?.body ?? null, user, key);
  }

  async release(user: UserId, key: string): Promise<void> {
    await this.#release.run(user, key);
  }

  async find(user: UserId, key: string): Promise<IdempotencyRecord | undefined> {
    const row = await this.#select.first(user, key);
    return row && recordOf(row);
  }
}

function secondsOf(ttlMs: number): number {
  return Math.max(1, Math.ceil(ttlMs / 1000));
}

function recordOf({ fingerprint, post_id, lease_until_ms, status, body }: KeyRow): IdempotencyRecord {
  const answer = status === null ? undefined : { status, body: body ?? '' };
  return { fingerprint, postId: post_id, leaseUntilMs: Number(lease_until_ms), answer };
}
