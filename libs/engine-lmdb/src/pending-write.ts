/** A piece of work for a write transaction, which says what came of it when that is over. */
export class PendingWrite {
  readonly #work: () => void;
  #finish: () => void = () => undefined;

  constructor(
    work: () => unknown,
    resolve: (result: never) => void,
    /** The transaction failed: nothing was written. */
    readonly fail: (reason: unknown) => void,
  ) {
    this.#work = () => {
      try {
        const result = work();
        this.#finish = () => resolve(result as never);
      } catch (error) {
        this.#finish = () => fail(error);
      }
    };
  }

  /** Does the work. What it throws is for those who asked for it, not for the others in the transaction. */
  run(): void {
    this.#work();
  }

  /** The transaction is committed. */
  finish(): void {
    this.#finish();
  }
}
