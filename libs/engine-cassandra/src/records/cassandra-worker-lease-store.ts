import { WorkerLeaseStore } from '#storage';
import type { Conditional } from '../database/conditional.ts';
import type { Database } from '../database/database.ts';
import type { Query } from '../database/query.ts';

interface LeaseRow {
  readonly owner: string;
  readonly until_ms: bigint;
  readonly used_until_ms: bigint;
}

/**
 * A lease is taken by comparing and setting the row as it was read. The times are those of the processes' clocks; where
 * these are apart, a number may change hands while its holder believes in it, and ids stay unique even so: the next one
 * begins behind the end of the lease, up to which the holder gives ids at most.
 */
export class CassandraWorkerLeaseStore extends WorkerLeaseStore {
  readonly #select: Query<LeaseRow>;
  readonly #set: Conditional<Pick<LeaseRow, 'owner' | 'until_ms'>>;

  constructor(db: Database) {
    super();
    this.#select = db.serialQuery('SELECT owner, until_ms, used_until_ms FROM $.worker_leases WHERE worker = ?');
    this.#set = db.conditional(
      `UPDATE $.worker_leases SET owner = ?, until_ms = ?, used_until_ms = ? WHERE worker = ?
       IF owner = ? AND until_ms = ?`,
    );
  }

  async acquire(
    worker: number,
    owner: string,
    nowMs: number,
    untilMs: number,
  ): Promise<{ usedUntilMs: number } | false> {
    for (;;) {
      const lease = await this.#select.first(worker);
      if (lease && lease.owner !== owner && Number(lease.until_ms) > nowMs) return false;
      const usedUntilMs = Number(lease?.used_until_ms ?? 0n);
      // A holder may use its number until its lease ends: the next one starts behind that.
      const next = { owner, untilMs, usedUntilMs: Math.max(usedUntilMs, untilMs) };
      if (await this.#replace(worker, lease, next)) return { usedUntilMs };
    }
  }

  async release(worker: number, owner: string, usedUntilMs: number): Promise<void> {
    const lease = await this.#select.first(worker);
    if (lease?.owner === owner) await this.#replace(worker, lease, { owner, untilMs: 0, usedUntilMs });
  }

  async #replace(
    worker: number,
    lease: LeaseRow | undefined,
    next: { owner: string; untilMs: number; usedUntilMs: number },
  ): Promise<boolean> {
    const until = BigInt(next.untilMs);
    const values = [next.owner, until, BigInt(next.usedUntilMs), worker] as const;
    const { applied, row, repeated } = await this.#set.run(...values, lease?.owner ?? null, lease?.until_ms ?? null);
    return applied || (repeated && row?.owner === next.owner && row.until_ms === until);
  }
}
