import { setTimeout as delay } from 'node:timers/promises';

export interface Crowd {
  readonly perSecond: number;
  readonly seconds: number;
}

export interface Answers {
  readonly all: number;
  /** Neither found nor known not to exist: 429, 503, or nothing. */
  readonly failed: number;
  readonly medianMs: number;
}

/** Reads from each of the URLs in turn: requests begin at a steady rate, however long the answers take (open model). */
export async function crowd({ perSecond, seconds }: Crowd, urlOf: (n: number) => string): Promise<Answers> {
  const all = Math.round(perSecond * seconds);
  const [reads, latenciesMs]: [Promise<boolean>[], number[]] = [[], []];
  const startMs = performance.now();
  while (reads.length < all) {
    const due = Math.min(all, ((performance.now() - startMs) * perSecond) / 1_000);
    while (reads.length < due) reads.push(read(urlOf(reads.length), latenciesMs));
    await delay(1);
  }
  const failed = (await Promise.all(reads)).filter((good) => !good).length;
  const sorted = latenciesMs.sort((a, b) => a - b);
  return { all, failed, medianMs: sorted[sorted.length >> 1] ?? 0 };
}

/** So many readers, each of whom reads again as soon as they have their answer, until the work is done (closed model). */
export async function readersDuring<T>(
  readers: number,
  urlOf: (n: number) => string,
  work: () => Promise<T>,
): Promise<T> {
  const going = { on: true };
  const readOn = async (n: number): Promise<void> => {
    while (going.on) await read(urlOf(n), []);
  };
  const all = Array.from({ length: readers }, (_, n) => readOn(n));
  try {
    return await work();
  } finally {
    going.on = false;
    await Promise.all(all);
  }
}

async function read(url: string, latenciesMs: number[]): Promise<boolean> {
  const startMs = performance.now();
  try {
    const answer = await fetch(url);
    await answer.arrayBuffer();
    return answer.status === 200 || answer.status === 404;
  } catch {
    return false;
  } finally {
    latenciesMs.push(performance.now() - startMs);
  }
}
