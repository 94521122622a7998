import fc from 'fast-check';
import { carryOut, type Findings, type Step, steps, stepsWithFailures } from '../../hot-cache/interleavings.ts';
import type { Section } from '../report/report.ts';

/**
 * Random orders of reads, writes, losses, delays and failures on a simulated world of three processes, each judged as in
 * `test/hot-cache/interleavings.spec.ts`, which shrinks what fails.
 */
export async function interleavings(short: boolean): Promise<Section> {
  const runs = short ? 50 : 5_000;
  return {
    title: 'Interleavings',
    about:
      'Three simulated processes whose L1 would keep values for 10 s; the stated bound is 370 ms. Goal: 0 in all but the last column.',
    columns: [
      'what happens',
      'runs',
      'older than the bound',
      'gone back in L1',
      'wrong in the end',
      'loads unexplained',
      'greatest staleness, ms',
    ],
    rows: [
      await judge('reads, writes, evictions, slow loads, a bus that loses, delays, repeats', steps, runs),
      await judge('and a shared tier that is slow, down or hung', stepsWithFailures, runs),
    ],
  };
}

async function judge(what: string, plans: fc.Arbitrary<Step[]>, runs: number): Promise<string[]> {
  const failing = plans === stepsWithFailures;
  const all: Findings[] = [];
  const samples = fc.sample(fc.tuple(plans, fc.nat()), { numRuns: runs, seed: 20_26 });
  for (const [plan, seed] of samples) all.push(await carryOut(plan, seed));
  const count = (of: (findings: Findings) => number): string => String(all.reduce((sum, one) => sum + of(one), 0));
  return [
    what,
    String(runs),
    count(({ tooStale }) => tooStale.length),
    failing ? '-' : count(({ backwards }) => backwards.length),
    count(({ wrongInTheEnd }) => wrongInTheEnd.length),
    failing ? '-' : count(({ keysLoaded, loadsExplained }) => Math.max(0, keysLoaded - loadsExplained)),
    Math.max(...all.map(({ greatestStalenessMs }) => greatestStalenessMs)).toFixed(0),
  ];
}
