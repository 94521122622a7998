/**
 * Work that goes on after its caller was answered. Nothing is lost track of: failures are reported, and a clean stop waits
 * for what is under way.
 */
export class BackgroundTasks {
  readonly #running = new Set<Promise<void>>();

  constructor(private readonly onError: (error: unknown) => void) {}

  get running(): number {
    return this.#running.size;
  }

  run(work: () => Promise<void>): void {
    const task: Promise<void> = work()
      .catch(this.onError)
      .finally(() => this.#running.delete(task));
    this.#running.add(task);
  }

  /** Resolves when nothing runs any more, including what running tasks have started. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
