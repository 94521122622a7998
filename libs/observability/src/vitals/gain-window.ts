interface Turn {
  readonly atMs: number;
  readonly gains: ReadonlyMap<string, number>;
}

/** What counters have gained during the last turns. */
export class GainWindow {
  #totals: ReadonlyMap<string, number> | undefined;
  readonly #turns: Turn[] = [];

  /** @param turnsMax how many turns the window holds */
  constructor(private readonly turnsMax: number) {}

  /**
   * @param totals what counters stand at; one that is new has gained what it stands at, but at the first turn.
   * @param extra gains of this turn that nobody adds up.
   */
  turn(atMs: number, totals: ReadonlyMap<string, number>, extra: ReadonlyMap<string, number>): void {
    const gains = new Map(extra);
    const before = this.#totals;
    if (before !== undefined) {
      for (const [series, total] of totals) {
        const gain = total - (before.get(series) ?? 0);
        if (gain > 0) gains.set(series, gain);
      }
    }
    this.#totals = totals;
    this.#turns.push({ atMs, gains });
    if (this.#turns.length > this.turnsMax + 1) this.#turns.shift();
  }

  /** From the first of the turns, which began the window, to the last. */
  get windowMs(): number {
    const [first, last] = [this.#turns[0], this.#turns.at(-1)];
    return first && last ? last.atMs - first.atMs : 0;
  }

  get gains(): Record<string, number> {
    const sums: Record<string, number> = {};
    for (const { gains } of this.#turns.slice(1)) {
      for (const [series, gain] of gains) sums[series] = (sums[series] ?? 0) + gain;
    }
    return sums;
  }
}
