/** Which process gives ids with which worker number. */
export abstract class WorkerLeaseStore {
  /**
   * Takes or renews a worker number for `owner` until `untilMs` (milliseconds since the Unix epoch). False when another
   * owner holds it at `nowMs`. Resolves to the moment up to which earlier holders may have given ids.
   */
  abstract acquire(
    worker: number,
    owner: string,
    nowMs: number,
    untilMs: number,
  ): Promise<{ usedUntilMs: number } | false>;
  /** Gives it back; does nothing when another owner holds it. */
  abstract release(worker: number, owner: string, usedUntilMs: number): Promise<void>;
}
