/**
 * Whether L1 may rely on being told of invalidations. Entries and flights carry the generation under which they were read;
 * when trust is lost the generation moves on, and with it everything read before is out, at once and without a walk.
 *
 * Checked on every hit against the clock, not by a timer: a process that was stopped for a while finds out before its
 * first answer.
 */
export class Trust {
  #generation = 1;
  #whole = true;
  #untilMs = Infinity;
  #losses = 0;
  #deaf = false;

  constructor(private readonly onLoss: () => void = () => undefined) {}

  /** The generation that counts at this moment of the monotonic clock. */
  generationAt(nowMs: number): number {
    if (nowMs >= this.#untilMs) this.lose();
    return this.#generation;
  }

  /** False while entries are to live for a moment only. */
  get whole(): boolean {
    return this.#whole;
  }

  /** While the shared tier is not to be believed either: somebody may have been unable to tell it of invalidations. */
  get deaf(): boolean {
    return this.#deaf;
  }

  /** How often it was lost or renewed. */
  get losses(): number {
    return this.#losses;
  }

  /** Drops what was read so far, and stays without trust until `renew`. */
  lose(): void {
    if (this.#whole) this.flush();
    this.#whole = false;
    this.#untilMs = Infinity;
  }

  /** As `lose`; what the shared tier holds is not to be believed either, until `renew`. */
  deafen(): void {
    this.lose();
    if (!this.#deaf) this.flush();
    this.#deaf = true;
  }

  /** Drops what was read so far: something was missed, and is over. */
  flush(): void {
    this.#generation++;
    this.#losses++;
    this.onLoss();
  }

  /** Whole again; what was read meanwhile may have missed something. */
  renew(untilMs: number): void {
    if (!this.#whole) this.flush();
    this.#whole = true;
    this.#deaf = false;
    this.#untilMs = untilMs;
  }
}
