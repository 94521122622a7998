/** Work that nobody waits for until the end: each piece reports its own failures and never rejects. */
export class Background {
  readonly #work = new Set<Promise<void>>();

  run(work: Promise<void>): void {
    this.#work.add(work);
    void work.finally(() => this.#work.delete(work));
  }

  /** Resolves when all of it has ended. */
  async done(): Promise<void> {
    while (this.#work.size > 0) await Promise.all(this.#work);
  }
}
