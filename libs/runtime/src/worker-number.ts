import { IdGenerator, WORKERS_MAX } from '#ids';
import { type Chance, type Clock, Repetition } from '#kernel';
import type { Logger } from '#observability';
import type { WorkerLeaseStore } from '#storage';

const LEASE_MS = 60_000;
const RENEW_MS = 15_000;
/** A store that was away for longer than a lease lasts is back: nothing can be written before the number is leased again. */
const LOOK_MS = 1_000;

/** A worker number that this process holds, and the ids made with it. */
export interface WorkerNumber {
  readonly ids: IdGenerator;
  release(): Promise<void>;
}

/** Leases a worker number that nobody else uses, and keeps renewing it. */
export async function leaseWorkerNumber(
  leases: WorkerLeaseStore,
  clock: Clock,
  chance: Chance,
  logger: Logger,
): Promise<WorkerNumber> {
  const owner = `${process.pid}-${Math.floor(chance() * 2 ** 48).toString(36)}`;
  const first = Math.floor(chance() * WORKERS_MAX);
  for (let i = 0; i < WORKERS_MAX; i++) {
    const worker = (first + i) % WORKERS_MAX;
    const lease = await leases.acquire(worker, owner, clock.now(), clock.now() + LEASE_MS);
    if (lease) return hold(leases, worker, owner, lease.usedUntilMs, clock, logger);
  }
  throw new Error(`all ${WORKERS_MAX} worker numbers are in use`);
}

function hold(
  leases: WorkerLeaseStore,
  worker: number,
  owner: string,
  usedUntilMs: number,
  clock: Clock,
  logger: Logger,
): WorkerNumber {
  let heldUntilMs = clock.elapsed() + LEASE_MS;
  // A generator whose lease has run out would share its number: it refuses instead.
  const leased: Clock = {
    ...clock,
    now: () => (clock.elapsed() < heldUntilMs ? clock.now() : Number.NEGATIVE_INFINITY),
  };
  const renew = async (): Promise<void> => {
    const askedAtMs = clock.elapsed();
    if (heldUntilMs - askedAtMs > LEASE_MS - RENEW_MS) return;
    if (await leases.acquire(worker, owner, clock.now(), clock.now() + LEASE_MS)) heldUntilMs = askedAtMs + LEASE_MS;
    else logger.error({ worker }, 'another process has taken our worker number');
  };
  const renewals = new Repetition(clock, LOOK_MS, renew, (err) =>
    logger.warn({ err, worker }, 'the worker number could not be renewed'),
  );
  renewals.start();
  return {
    ids: new IdGenerator(leased, worker, usedUntilMs),
    release: async () => {
      await renewals.stop(); // one that is under way would take the number again
      heldUntilMs = -Infinity;
      await leases.release(worker, owner, clock.now() + 1);
    },
  };
}
