import type { Clock } from './clock.ts';

/** Does something again and again, with a pause before each time, whether it failed or not; never twice at once. */
export class Repetition {
  #cancel: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #started = false;

  constructor(
    private readonly clock: Clock,
    private readonly pauseMs: number,
    private readonly work: () => unknown,
    private readonly onError: (error: unknown) => void,
  ) {}

  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#wait();
  }

  /** Resolves when the time that is under way, if any, has ended. */
  async stop(): Promise<void> {
    this.#started = false;
    this.#cancel?.();
    await this.#running;
  }

  #wait(): void {
    this.#cancel = this.clock.after(this.pauseMs, () => {
      this.#running = this.#once();
    });
  }

  async #once(): Promise<void> {
    try {
      await this.work();
    } catch (error) {
      this.onError(error);
    }
    if (this.#started) this.#wait();
  }
}
