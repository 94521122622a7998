import { type Clock, Limiter, pause, unavailable, withDeadline } from '#kernel';
import type { RequestLimits } from '../cassandra-options.ts';
import { failureOf } from './failure.ts';

const IDLE_POLL_MS = 5;

/**
 * The way of every request to the driver: through the limit on requests in flight, under the deadline, with its errors
 * turned into the ports'. A request that is given up keeps its place until the driver is done with it, so that a
 * Cassandra that hangs is not given ever more.
 */
export class Requests {
  readonly #limiter: Limiter;
  readonly #timeoutMs: number;

  constructor(
    { inFlightMax, queuedMax, timeoutMs }: RequestLimits,
    readonly clock: Clock,
  ) {
    this.#limiter = new Limiter('the store', inFlightMax, queuedMax);
    this.#timeoutMs = timeoutMs;
  }

  /** When a request that begins now has to be done: monotonic. */
  deadline(): number {
    return this.clock.elapsed() + this.#timeoutMs;
  }

  async run<T>(work: () => Promise<T>, deadlineMs = this.deadline()): Promise<T> {
    const asked = this.#limiter.run(() => {
      if (this.clock.elapsed() >= deadlineMs) throw unavailable('the store is overloaded');
      return work();
    });
    const leftMs = Math.max(0, Math.ceil(deadlineMs - this.clock.elapsed()));
    try {
      return await withDeadline(asked, leftMs, 'a request to the store', this.clock);
    } catch (error) {
      throw failureOf(error);
    }
  }

  /** Resolves when nothing is under way any more, at the latest when whatever is has passed its deadline. */
  async idle(): Promise<void> {
    const deadlineMs = this.deadline();
    while (this.#limiter.running > 0 && this.clock.elapsed() < deadlineMs) await pause(IDLE_POLL_MS, this.clock);
  }
}
