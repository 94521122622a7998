export interface LoadFigures {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of this process with all its threads: less disturbed by what else the machine does. */
  readonly cpuUs: number;
}

/** So many users, each of whom does one thing after the other, until so many have been done. */
export async function drive(users: number, times: number, act: () => Promise<unknown>): Promise<LoadFigures> {
  const latencies: number[] = [];
  let begun = 0;
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  const live = async () => {
    while (begun++ < times) {
      const atMs = performance.now();
      await act();
      latencies.push(performance.now() - atMs);
    }
  };
  await Promise.all(Array.from({ length: users }, live));
  const ms = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpu);
  latencies.sort((a, b) => a - b);
  const quantile = (q: number) => latencies[Math.floor(q * (latencies.length - 1))] ?? 0;
  return {
    perSecond: (1000 * times) / ms,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    cpuUs: (user + system) / times,
  };
}

export const loadColumns = ['per second', 'p50 ms', 'p99 ms', 'CPU us each'] as const;

export function loadCells({ perSecond, p50Ms, p99Ms, cpuUs }: LoadFigures): string[] {
  return [perSecond.toFixed(0), p50Ms.toFixed(2), p99Ms.toFixed(2), cpuUs.toFixed(1)];
}

/** The run in the middle of three, by speed. */
export async function middleOf(run: () => Promise<LoadFigures>): Promise<LoadFigures> {
  const runs = [await run(), await run(), await run()].sort((a, b) => a.perSecond - b.perSecond);
  const [, middle] = runs;
  if (middle === undefined) throw new Error('nothing was measured');
  return middle;
}
