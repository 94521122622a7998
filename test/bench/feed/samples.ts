/** A scrape in the Prometheus text format. */
export class Samples {
  constructor(private readonly text: string) {}

  /** The sum of a metric's samples whose labels hold all of these; 0 when there is none. */
  sum(name: string, labels: Readonly<Record<string, string>> = {}): number {
    let sum = 0;
    for (const [, sample, inside = '', value] of this.text.matchAll(/^(\w+)(?:\{([^}]*)\})? (\S+)/gm)) {
      const wanted = Object.entries(labels).every(([key, label]) => inside.includes(`${key}="${label}"`));
      if (sample === name && wanted) sum += Number(value);
    }
    return sum;
  }
}

export async function scrape(url: string): Promise<Samples> {
  const answer = await fetch(url);
  return new Samples(await answer.text());
}
