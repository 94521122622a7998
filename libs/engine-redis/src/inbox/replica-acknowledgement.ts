import type { Redis } from 'ioredis';
import { unavailable } from '#kernel';

/** A replica that takes longer hangs; the cluster takes it off its list after its node timeout. */
const TIMEOUT_MS = 1_000;

/**
 * Waits until a replica has what was written over a connection (WAIT). While one wait is under way on a connection, all who
 * come share the next: it holds up what stands behind it.
 */
export class ReplicaAcknowledgement {
  readonly #underWay = new WeakMap<Redis, Promise<void>>();
  readonly #next = new WeakMap<Redis, Promise<void>>();

  /**
   * For what has been answered over this connection so far. Rejects with `unavailable` when no replica has it in time; it
   * may have it later, or never.
   */
  of(master: Redis): Promise<void> {
    const present = this.#next.get(master);
    if (present) return present;
    const next = this.#after(master);
    this.#next.set(master, next);
    return next;
  }

  async #after(master: Redis): Promise<void> {
    await this.#underWay.get(master)?.catch(() => undefined);
    this.#next.delete(master);
    const wait = waitFor(master);
    this.#underWay.set(master, wait);
    await wait;
  }
}

async function waitFor(master: Redis): Promise<void> {
  if ((await master.wait(1, TIMEOUT_MS)) === 0) throw unavailable('no replica has the inboxes in time');
}
