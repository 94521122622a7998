import type { BusMessage } from './bus-message.ts';

/** More missing than this at once is not a matter of order any more. */
const MISSING_MAX = 1_000;

/** What has been heard of one process on the bus: which of its invalidations came, and when it was last heard of. */
export class OriginWatch {
  #sequence: number;
  /** It knows of invalidations that nobody else does. */
  owes: boolean;
  readonly #missing = new Set<number>();

  /** @param first the first message heard of the origin. */
  constructor(
    first: BusMessage,
    public heardAtMs: number,
  ) {
    this.#sequence = first.s;
    this.owes = first.p === true;
  }

  /** Whether an invalidation is missing now. */
  hear(message: BusMessage, nowMs: number): boolean {
    this.heardAtMs = nowMs;
    this.owes = message.p === true;
    const isVoid = message.t === 'void';
    if (isVoid) this.#missing.delete(message.s);
    const lastMissing = isVoid ? message.s - 1 : message.s;
    if (lastMissing - this.#sequence > MISSING_MAX) this.#missing.add(lastMissing);
    else for (let s = this.#sequence + 1; s <= lastMissing; s++) this.#missing.add(s);
    this.#sequence = Math.max(this.#sequence, message.s);
    return this.#missing.size > 0;
  }

  get gap(): boolean {
    return this.#missing.size > 0;
  }

  /** What was missing has been made good for. */
  forgive(): void {
    this.#missing.clear();
  }
}
