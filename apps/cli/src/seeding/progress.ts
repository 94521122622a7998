const WIDTH = 30;
const REDRAW_MS = 100;

/** A bar on a terminal; elsewhere one line at the end. */
export class Progress {
  readonly #startedAtMs = performance.now();
  #done = 0;
  #drawnAtMs = -Infinity;

  constructor(
    private readonly what: string,
    private readonly total: number,
    private readonly out: NodeJS.WriteStream = process.stderr,
  ) {}

  add(count: number): void {
    this.#done += count;
    const nowMs = performance.now();
    if (!this.out.isTTY || (nowMs - this.#drawnAtMs < REDRAW_MS && this.#done < this.total)) return;
    this.#drawnAtMs = nowMs;
    const share = this.total === 0 ? 1 : this.#done / this.total;
    const bar = '█'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '░');
    this.out.write(`\r${this.what.padEnd(8)} ${bar} ${this.#done}/${this.total} ${this.#rate()}/s  `);
  }

  end(): void {
    const seconds = (performance.now() - this.#startedAtMs) / 1000;
    if (this.out.isTTY) this.out.write('\n');
    else this.out.write(`${this.what}: ${this.#done} in ${seconds.toFixed(1)} s (${this.#rate()}/s)\n`);
  }

  #rate(): number {
    const seconds = (performance.now() - this.#startedAtMs) / 1000;
    return Math.round(this.#done / Math.max(seconds, 0.001));
  }
}
