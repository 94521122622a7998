import { unavailable } from './errors.ts';

/**
 * At most `concurrency` pieces of work at once and at most `queued` waiting; whatever comes beyond is refused at once
 * with `unavailable`, before it has changed anything. First come, first served.
 */
export class Limiter {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(
    private readonly name: string,
    private readonly concurrency: number,
    private readonly queuedMax: number,
  ) {}

  get running(): number {
    return this.#running;
  }

  get queued(): number {
    return this.#waiting.length;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.concurrency) {
      if (this.#waiting.length >= this.queuedMax) throw unavailable(`${this.name} is overloaded`);
      // The one who leaves hands its place over, so #running stays what it is.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running++;
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
