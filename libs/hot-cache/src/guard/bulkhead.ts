import { unavailable } from '#kernel';

/** Who goes first when not all can: a person's own post before a page of the feed before a stranger's scroll. */
export type Priority = 'high' | 'normal' | 'low';

const ORDER: readonly Priority[] = ['high', 'normal', 'low'];

interface Waiting {
  readonly admit: () => void;
  readonly refuse: (error: Error) => void;
}

export interface BulkheadOptions {
  readonly concurrency: number;
  readonly queuedMax: number;
}

/**
 * At most `concurrency` pieces of work at once and `queuedMax` waiting, by priority and then first come, first served. Where
 * the queue is full, the newest one waiting of the lowest priority is refused with `unavailable`; work that has begun never
 * is. (Bulkhead: Nygard, "Release It!"; shedding by criticality: "Site Reliability Engineering", chapter 21.) O(1).
 */
export class Bulkhead {
  #running = 0;
  #shed = 0;
  readonly #waiting: Record<Priority, Waiting[]> = { high: [], normal: [], low: [] };

  constructor(
    private readonly name: string,
    private readonly options: BulkheadOptions,
  ) {}

  get running(): number {
    return this.#running;
  }

  get queued(): number {
    return this.#waiting.high.length + this.#waiting.normal.length + this.#waiting.low.length;
  }

  /** How many were refused so far. */
  get shed(): number {
    return this.#shed;
  }

  async run<T>(work: () => Promise<T>, priority: Priority): Promise<T> {
    if (this.#running < this.options.concurrency) this.#running++;
    else await this.#queue(priority); // The one who leaves hands its place over, so #running stays what it is.
    try {
      return await work();
    } finally {
      const next = ORDER.map((p) => this.#waiting[p]).find((queue) => queue.length > 0);
      if (next) next.shift()?.admit();
      else this.#running--;
    }
  }

  #queue(priority: Priority): Promise<void> {
    return new Promise((admit, refuse) => {
      this.#waiting[priority].push({ admit, refuse });
      if (this.queued > this.options.queuedMax) this.#shedOne();
    });
  }

  #shedOne(): void {
    const queue = ORDER.map((p) => this.#waiting[p]).findLast((waiting) => waiting.length > 0);
    this.#shed++;
    queue?.pop()?.refuse(unavailable(`${this.name} is overloaded`));
  }
}
