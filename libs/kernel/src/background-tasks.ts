import { unavailable } from './errors.ts';

const RUNNING_MAX = 10_000;

/**
 * Work that goes on after its caller was answered. Nothing is lost track of: failures are reported, and a clean stop waits
 * for what is under way. It is bounded: beyond `runningMax` tasks new ones are not begun, and that is reported, too. So it
 * is for work that somebody else finds and does when it was not done here.
 */
export class BackgroundTasks {
  readonly #running = new Set<Promise<void>>();

  constructor(
    private readonly onError: (error: unknown) => void,
    private readonly runningMax = RUNNING_MAX,
  ) {}

  get running(): number {
    return this.#running.size;
  }

  run(work: () => Promise<void>): void {
    if (this.#running.size >= this.runningMax) {
      this.onError(unavailable('too much work is waiting in the background'));
      return;
    }
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
