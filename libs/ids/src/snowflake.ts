import { unavailable, type Clock } from '#kernel';
import type { AnyId } from './id.ts';

/** 2025-01-01T00:00:00Z: the zero of the ids' clock. Ids last until 2094. */
export const ID_EPOCH_MS = Date.UTC(2025, 0, 1);

export const WORKER_BITS = 10;
export const WORKERS_MAX = 1 << WORKER_BITS;
const SEQUENCE_BITS = 12;
const SEQUENCES = 1 << SEQUENCE_BITS;
const TIME_SHIFT = BigInt(WORKER_BITS + SEQUENCE_BITS);

/** How far the wall clock may fall behind the ids already given before new ones are refused. */
const BACKWARDS_MAX_MS = 5_000;

/**
 * Time-ordered 64-bit ids: 41 bits of milliseconds, 10 of worker, 12 of sequence (after Twitter's Snowflake, 2010).
 * Within one generator every id is greater than the one before, also when the wall clock steps back: the generator then
 * goes on from the newest moment it has used, and refuses when it would run ahead of the clock by more than 5 s.
 */
export class IdGenerator {
  readonly #workerBits: bigint;
  #lastMs: number;
  #sequence = 0;

  /**
   * @param worker 0..1023; two generators that run at the same time must not share one.
   * @param startMs no id is given below this moment: what a predecessor with the same worker number may have used.
   */
  constructor(
    private readonly clock: Clock,
    worker: number,
    startMs = 0,
  ) {
    if (!Number.isInteger(worker) || worker < 0 || worker >= WORKERS_MAX) throw new RangeError('worker out of range');
    this.#workerBits = BigInt(worker) << BigInt(SEQUENCE_BITS);
    this.#lastMs = startMs;
  }

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller says which id it wants
  next<Id extends AnyId>(): Id {
    const nowMs = this.clock.now();
    if (nowMs > this.#lastMs) {
      this.#lastMs = nowMs;
      this.#sequence = 0;
    } else if (++this.#sequence === SEQUENCES) {
      this.#lastMs++; // 4,096 ids in one millisecond: borrow the next one
      this.#sequence = 0;
    }
    if (this.#lastMs - nowMs > BACKWARDS_MAX_MS) throw unavailable('the clock stepped back');
    return ((BigInt(this.#lastMs - ID_EPOCH_MS) << TIME_SHIFT) | this.#workerBits | BigInt(this.#sequence)) as Id;
  }
}

/** When an id was made: milliseconds since the Unix epoch. */
export function timeOf(id: bigint): number {
  return Number(id >> TIME_SHIFT) + ID_EPOCH_MS;
}

/** The smallest id that could be made at a moment; 0 for moments before the ids' clock starts. */
export function idAt(ms: number): bigint {
  return BigInt(Math.max(0, Math.floor(ms) - ID_EPOCH_MS)) << TIME_SHIFT;
}
