interface Waiting<T> {
  readonly promise: Promise<T>;
  begin(): void;
}

/**
 * Reads past the cache, of what must be right at the next read. Who asks while a read of the same thing is under way gets
 * what the next one brings, which begins when that is over and is for all who came meanwhile: nobody gets what was read
 * before they asked, and a thing costs its source one read at a time, whatever the crowd (group commit, for reads).
 *
 * A read that fails fails those it was for. One that hangs holds up its key: sources have deadlines. Results are shared:
 * treat them as immutable.
 */
export class JointReads<T> {
  /** Of the keys that are being read: the read that comes next, if somebody waits for it. */
  readonly #next = new Map<string, Waiting<T> | undefined>();

  /** @param read the same for everybody who gives this key. */
  get(key: string, read: () => Promise<T>): Promise<T> {
    if (!this.#next.has(key)) return this.#run(key, read);
    let next = this.#next.get(key);
    if (next === undefined) this.#next.set(key, (next = this.#later(key, read)));
    return next.promise;
  }

  async #run(key: string, read: () => Promise<T>): Promise<T> {
    this.#next.set(key, undefined);
    try {
      return await read();
    } finally {
      const next = this.#next.get(key);
      if (next === undefined) this.#next.delete(key);
      else next.begin();
    }
  }

  #later(key: string, read: () => Promise<T>): Waiting<T> {
    let begin!: () => void;
    const turn = new Promise<void>((resolve) => (begin = resolve));
    return { promise: turn.then(() => this.#run(key, read)), begin };
  }
}
