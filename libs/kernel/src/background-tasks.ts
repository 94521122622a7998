import { unavailable } from './errors.ts';

const RUNNING_MAX = 10_000;

/**
 * Work that goes on after its caller was answered. Nothing is lost track of: failures are reported, and a clean stop waits
 * for what is under way. It is bounded: beyond `runningMax` tasks new ones are not begun, and that is reported, too. So it
 * is for work that somebody else finds and does when it was not done here.
 */
export class BackgroundTasks {
  readonly #running = new Set<Promise<void>>();
  readonly #stop = new AbortController();

  constructor(
    private readonly onError: (error: unknown) => void,
    private readonly runningMax = RUNNING_MAX,
  ) {}

  get running(): number {
    return this.#running.size;
  }

  /** @param work gets a signal that comes when everything stops: it must not wait for anything then. */
  run(work: (stopping: AbortSignal) => Promise<void>): void {
    if (this.#running.size >= this.runningMax) {
      this.onError(unavailable('too much work is waiting in the background'));
      return;
    }
    const task: Promise<void> = work(this.#stop.signal)
      .catch(this.onError)
      .finally(() => this.#running.delete(task));
    this.#running.add(task);
  }

  /** Asks all to come to their end; resolves when nothing runs any more, including what running tasks have started. */
  async settled(): Promise<void> {
    this.#stop.abort();
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
