import fc from 'fast-check';
import { carryOut, steps, stepsWithFailures } from './interleavings.ts';

/**
 * In all, for the two properties. `npm run bench -- hot-keys` runs 10,000, and INTERLEAVINGS=10000 does here. Seeds are printed
 * by fast-check where a run fails; it then shrinks the steps.
 */
const RUNS = Number(process.env.INTERLEAVINGS ?? 2_000) / 2;

const nothing = { tooStale: [], wrongInTheEnd: [] };

describe('whatever the order of reads, writes, losses and delays', () => {
  it('no read is older than the bound, no version goes back, no load is without a reason', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(), async (plan, seed) => {
        const found = await carryOut(plan, seed);
        expect(found).toMatchObject({ ...nothing, backwards: [] });
        expect(found.keysLoaded).toBeLessThanOrEqual(found.loadsExplained);
      }),
      { numRuns: RUNS },
    );
  }, 600_000);

  it('nor when the shared tier fails, for some or for all', async () => {
    await fc.assert(
      fc.asyncProperty(stepsWithFailures, fc.nat(), async (plan, seed) => {
        expect(await carryOut(plan, seed)).toMatchObject(nothing);
      }),
      { numRuns: RUNS },
    );
  }, 600_000);
});
