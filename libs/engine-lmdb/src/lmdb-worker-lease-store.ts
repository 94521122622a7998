import { WorkerLeaseStore } from '#storage';
import type { LmdbEnvironment, Table } from './lmdb-environment.ts';

interface Lease {
  readonly owner: string;
  readonly untilMs: number;
  readonly usedUntilMs: number;
}

export class LmdbWorkerLeaseStore extends WorkerLeaseStore {
  /** worker -> JSON */
  readonly #leases: Table;

  constructor(private readonly env: LmdbEnvironment) {
    super();
    this.#leases = env.table('worker_leases');
  }

  acquire(worker: number, owner: string, nowMs: number, untilMs: number): Promise<{ usedUntilMs: number } | false> {
    return this.env.write(() => {
      const lease = this.#read(worker);
      if (lease && lease.owner !== owner && lease.untilMs > nowMs) return false;
      const usedUntilMs = lease?.usedUntilMs ?? 0;
      // A holder may use its number until its lease ends: the next one starts behind that.
      this.#write(worker, { owner, untilMs, usedUntilMs: Math.max(usedUntilMs, untilMs) });
      return { usedUntilMs };
    });
  }

  async release(worker: number, owner: string, usedUntilMs: number): Promise<void> {
    await this.env.write(() => {
      if (this.#read(worker)?.owner === owner) this.#write(worker, { owner, untilMs: 0, usedUntilMs });
    });
  }

  #read(worker: number): Lease | undefined {
    const value = this.#leases.get(Buffer.from(String(worker)));
    return value && (JSON.parse(value.toString()) as Lease);
  }

  #write(worker: number, lease: Lease): void {
    this.#leases.putSync(Buffer.from(String(worker)), Buffer.from(JSON.stringify(lease)));
  }
}
