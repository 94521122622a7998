import type { Chance, Clock } from '#kernel';

const SMOOTHING = 0.2;
const WAYS_MAX = 1_000;

/** What nobody has used for this long counts half as slow as it was: else a slow one would never be tried again. */
const HALF_LIFE_MS = 300;

/** Costs that differ by less are noise. Always taking the lower one would starve its equal, whose figure then never changes. */
const NOISE = 2;

class Way {
  inFlight = 0;
  latencyMs = 0;
  usedAtMs = 0;

  costAt(nowMs: number): number {
    return (this.inFlight + 1) * this.latencyMs * 0.5 ** ((nowMs - this.usedAtMs) / HALF_LIFE_MS);
  }
}

/**
 * Chooses among equals by the power of two choices (Mitzenmacher, 2001): of two drawn at random the one with the lower
 * (in flight + 1) x moving average of the latency, as in Finagle's and linkerd's balancers, unless they are about equal. One
 * that was not tried yet costs nothing and so comes first. O(1).
 */
export class PowerOfTwo {
  readonly #ways = new Map<string, Way>();

  constructor(
    private readonly clock: Clock,
    private readonly chance: Chance,
  ) {}

  pick(names: readonly string[]): string | undefined {
    if (names.length < 2) return names[0];
    const first = Math.floor(this.chance() * names.length);
    const second = (first + 1 + Math.floor(this.chance() * (names.length - 1))) % names.length;
    const [a, b] = [names[first], names[second]];
    return a !== undefined && b !== undefined && this.#cost(b) * NOISE < this.#cost(a) ? b : a;
  }

  begin(name: string): void {
    this.#way(name).inFlight++;
  }

  end(name: string, latencyMs: number): void {
    const way = this.#way(name);
    way.inFlight--;
    way.usedAtMs = this.clock.elapsed();
    way.latencyMs = way.latencyMs === 0 ? latencyMs : way.latencyMs + SMOOTHING * (latencyMs - way.latencyMs);
  }

  #cost(name: string): number {
    return this.#ways.get(name)?.costAt(this.clock.elapsed()) ?? 0;
  }

  /** Nodes come and go, but never many at a time. */
  #way(name: string): Way {
    let way = this.#ways.get(name);
    if (way === undefined) {
      if (this.#ways.size >= WAYS_MAX) this.#ways.clear();
      this.#ways.set(name, (way = new Way()));
    }
    return way;
  }
}
