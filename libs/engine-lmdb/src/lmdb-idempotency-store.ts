import type { PostId, UserId } from '#ids';
import type { Clock } from '#kernel';
import { type IdempotencyClaim, type IdempotencyRecord, IdempotencyStore } from '#storage';
import { idKey } from './keys.ts';
import type { LmdbEnvironment, Table } from './lmdb-environment.ts';

interface Row {
  readonly fingerprint: string;
  readonly postId: string;
  readonly leaseUntilMs: number;
  readonly expiresAtMs: number;
  readonly answer?: { readonly status: number; readonly body: string };
}

/** How many expired rows a new claim clears away: more than it adds, so the table does not grow for ever. */
const SWEPT_PER_CLAIM = 2;

export class LmdbIdempotencyStore extends IdempotencyStore {
  /** user, key (text) -> JSON */
  readonly #rows: Table;
  /** expiry (ms), user, key (text): the order in which rows end */
  readonly #expiries: Table;

  constructor(
    private readonly env: LmdbEnvironment,
    private readonly clock: Clock,
  ) {
    super();
    this.#rows = env.table('idempotency');
    this.#expiries = env.table('idempotency_expiries');
  }

  claim(user: UserId, key: string, claim: IdempotencyClaim, ttlMs: number): Promise<IdempotencyRecord | undefined> {
    const rowKey = keyOf(user, key);
    const nowMs = this.clock.now();
    return this.env.write(() => {
      this.#sweep(nowMs);
      const present = this.#read(rowKey, nowMs);
      if (present) return recordOf(present);
      this.#put(rowKey, { ...claim, postId: String(claim.postId), expiresAtMs: nowMs + ttlMs });
      return undefined;
    });
  }

  takeOver(user: UserId, key: string, seen: IdempotencyRecord, leaseUntilMs: number): Promise<boolean> {
    const rowKey = keyOf(user, key);
    return this.env.write(() => {
      const present = this.#read(rowKey, this.clock.now());
      if (!present || present.answer || present.leaseUntilMs !== seen.leaseUntilMs) return false;
      this.#put(rowKey, { ...present, leaseUntilMs });
      return true;
    });
  }

  async complete(user: UserId, key: string, record: IdempotencyRecord, ttlMs: number): Promise<void> {
    const expiresAtMs = this.clock.now() + ttlMs;
    const { fingerprint, leaseUntilMs, answer } = record;
    const row: Row = {
      fingerprint,
      postId: String(record.postId),
      leaseUntilMs,
      expiresAtMs,
      ...(answer && { answer }),
    };
    await this.env.write(() => this.#put(keyOf(user, key), row));
  }

  async release(user: UserId, key: string): Promise<void> {
    await this.env.write(() => this.#rows.removeSync(keyOf(user, key)));
  }

  async find(user: UserId, key: string): Promise<IdempotencyRecord | undefined> {
    const row = this.#read(keyOf(user, key), this.clock.now());
    return row && recordOf(row);
  }

  #read(rowKey: Buffer, nowMs: number): Row | undefined {
    const value = this.#rows.get(rowKey);
    const row = value && (JSON.parse(value.toString()) as Row);
    return row && row.expiresAtMs > nowMs ? row : undefined;
  }

  #put(rowKey: Buffer, row: Row): void {
    this.#rows.putSync(rowKey, Buffer.from(JSON.stringify(row)));
    this.#expiries.putSync(Buffer.concat([idKey(BigInt(row.expiresAtMs)), rowKey]), rowKey);
  }

  #sweep(nowMs: number): void {
    const due = [...this.#expiries.getRange({ end: idKey(BigInt(nowMs)), limit: SWEPT_PER_CLAIM })];
    for (const { key, value: rowKey } of due) {
      this.#expiries.removeSync(key);
      // A row completed or taken over since has a later entry of its own.
      if (!this.#read(rowKey, nowMs)) this.#rows.removeSync(rowKey);
    }
  }
}

function keyOf(user: UserId, key: string): Buffer {
  return Buffer.concat([idKey(user), Buffer.from(key)]);
}

function recordOf({ fingerprint, postId, leaseUntilMs, answer }: Row): IdempotencyRecord {
  return { fingerprint, postId: BigInt(postId) as PostId, leaseUntilMs, answer };
}
