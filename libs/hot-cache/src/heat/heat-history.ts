/** One time that one key was hot. Wall clock. */
export interface Episode {
  readonly key: string;
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly peakPerSecond: number;
}

const EPISODES_MAX = 256;

/** What was hot during the last minutes; bounded. */
export class HeatHistory {
  readonly #episodes: Episode[] = [];

  constructor(private readonly keepMs: number) {}

  add(episode: Episode): void {
    this.#episodes.push(episode);
    if (this.#episodes.length > EPISODES_MAX) this.#episodes.shift();
  }

  /** Newest first. */
  list(nowMs: number): Episode[] {
    return this.#episodes.filter(({ untilMs }) => nowMs - untilMs <= this.keepMs).reverse();
  }
}
