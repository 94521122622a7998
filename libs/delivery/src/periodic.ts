import type { Clock } from '#kernel';

/** Runs work again and again, never twice at once, until it is stopped; failures are reported and do not end it. */
export class Periodic {
  #cancel: () => void = () => undefined;
  #stopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly everyMs: number,
    private readonly work: () => Promise<unknown>,
    private readonly onError: (error: unknown) => void,
    private readonly clock: Clock,
  ) {}

  start(): void {
    if (this.#stopped) return;
    this.#cancel = this.clock.after(this.everyMs, () => {
      this.#running = this.work()
        .then(() => undefined, this.onError)
        .then(() => this.start());
    });
  }

  /** Resolves when a run that is under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#running;
  }
}
